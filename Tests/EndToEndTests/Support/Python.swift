import TestSupport

/// Checks by tools that know nothing of this project.
enum Python {
  /// The first interpreter that has a module.
  static func interpreter(with module: String) throws -> String {
    for candidate in ["python3", "/usr/bin/python3"] {
      let attempt = try? ProcessRunner(candidate, ["-c", "import \(module)"]).run()
      if attempt?.status == .exited(0) { return candidate }
    }
    throw ProcessFailure(
      description: "no python3 has the module \(module); `make setup` installs it")
  }

  /// Runs a script; its output is one line for each thing it has to say.
  static func run(_ script: String, with module: String, _ arguments: [String]) throws -> [String] {
    let result = try ProcessRunner(interpreter(with: module), ["-c", script] + arguments).run()
    guard result.status == .exited(0) else {
      throw ProcessFailure(description: "python: \(result.messages)")
    }
    return result.text.split(separator: "\n").map(String.init)
  }

  /// What is wrong with documents according to a schema: lines that begin with a file's path.
  static func schemaViolations(
    in documents: [String], of schema: String = "lockgraph-report-1"
  ) throws -> [String] {
    try run(
      """
      import json, os, sys
      from jsonschema import Draft202012Validator
      def load(path):
          return json.load(open(path, encoding="utf-8"))
      schema = load(sys.argv[1])
      # What it takes from the report's schema goes into it: not every version finds other documents.
      report = "urn:lockgraph:report:1"
      if report + "#" in json.dumps(schema):
          others = load(os.path.join(os.path.dirname(sys.argv[1]), "lockgraph-report-1.schema.json"))
          schema = json.loads(json.dumps(schema).replace(report + "#", "#"))
          schema["$defs"] = {**others["$defs"], **schema["$defs"]}
      Draft202012Validator.check_schema(schema)
      validator = Draft202012Validator(schema)
      for path in sys.argv[2:]:
          document = load(path)
          for error in validator.iter_errors(document):
              print(path + ": " + error.json_path + ": " + error.message.replace("\\n", " ")[:300])
      """, with: "jsonschema",
      ["\(BuiltProducts.packageRoot)/Schemas/\(schema).schema.json"] + documents)
  }

  /// Which files are no well-formed XML with an svg element, and why.
  static func pictureFaults(in files: [String]) throws -> [String] {
    try run(
      """
      import sys
      import xml.etree.ElementTree as tree
      for path in sys.argv[1:]:
          try:
              root = tree.parse(path).getroot()
              if root.tag != "{http://www.w3.org/2000/svg}svg":
                  print(path + ": its root is " + root.tag)
          except tree.ParseError as error:
              print(path + ": " + str(error))
      """, with: "xml.etree.ElementTree", files)
  }
}
