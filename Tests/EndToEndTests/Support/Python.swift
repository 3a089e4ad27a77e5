import TestSupport

/// Checks by tools that know nothing of this project.
enum Python {
  private static let ownInterpreter = "\(BuiltProducts.packageRoot)/.build/python/bin/python3"

  /// The first interpreter that has a module, by its whole path: by its name alone one finds
  /// another one's library where PATH is another. `make test-all` makes an environment with modules
  /// of its own.
  static func interpreter(with module: String) throws -> String {
    for candidate in [ownInterpreter, "python3", "/usr/bin/python3"] {
      let script = "import sys, \(module); sys.stdout.write(sys.executable)"
      guard let attempt = try? ProcessRunner(candidate, ["-c", script]).run() else { continue }
      if attempt.status == .exited(0) { return attempt.text }
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

  /// Whether some interpreter has a module.
  static func has(_ module: String) -> Bool { (try? interpreter(with: module)) != nil }

  /// What is wrong with documents according to a schema, one of the project's own or a file: lines
  /// that begin with a document's path.
  static func schemaViolations(
    in documents: [String], of schema: String = "Schemas/lockgraph-report-1.schema.json"
  ) throws -> [String] {
    try run(
      """
      import json, os, sys
      from jsonschema import FormatChecker
      from jsonschema.validators import validator_for
      def load(path):
          return json.load(open(path, encoding="utf-8"))
      schema = load(sys.argv[1])
      # What it takes from the report's schema goes into it: not every version finds other documents.
      report = "urn:lockgraph:report:1"
      if report + "#" in json.dumps(schema):
          others = load(os.path.join(os.path.dirname(sys.argv[1]), "lockgraph-report-1.schema.json"))
          schema = json.loads(json.dumps(schema).replace(report + "#", "#"))
          schema["$defs"] = {**others["$defs"], **schema["$defs"]}
      Validator = validator_for(schema, default=None)
      Validator.check_schema(schema)
      validator = Validator(schema, format_checker=FormatChecker())
      for path in sys.argv[2:]:
          document = load(path)
          for error in validator.iter_errors(document):
              print(path + ": " + error.json_path + ": " + error.message.replace("\\n", " ")[:300])
      """, with: "jsonschema",
      ["\(BuiltProducts.packageRoot)/\(schema)"] + documents)
  }

  /// What a reader of JUnit files, which is not the project's own, makes of some: for each file its
  /// numbers of tests, failures, errors and skipped tests, as it counts them itself.
  static func testCounts(in files: [String]) throws -> [String] {
    try run(
      """
      import sys
      from junitparser import JUnitXml, Failure, Skipped, Error
      for path in sys.argv[1:]:
          xml = JUnitXml.fromfile(path)
          names, counts = set(), [0, 0, 0, 0]
          for suite in xml:
              cases = list(suite)
              assert suite.name and suite.tests == len(cases), path
              for case in cases:
                  assert case.classname and case.name and float(case.time) == 0, path
                  assert (case.classname, case.name) not in names, path
                  names.add((case.classname, case.name))
                  kinds = [type(result) for result in case.result]
                  for result in case.result:
                      assert result.message, path
                      assert not isinstance(result, Failure) or result.text.strip(), path
                  for number, kind in enumerate([Failure, Error, Skipped]):
                      counts[number + 1] += kind in kinds
                  counts[0] += 1
          assert [xml.tests, xml.failures, xml.errors, xml.skipped] == counts, path
          print(*counts)
      """, with: "junitparser", files)
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
