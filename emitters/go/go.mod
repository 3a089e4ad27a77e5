module lockgraph

go 1.19
