// Before the definitions of a file: what is defined here is this copy's, also where the program
// exports another copy's under the same names, as Swift's own symbols are. Clients in other files
// find it all the same.
#ifdef __ELF__
#pragma GCC visibility push(protected)
#endif
