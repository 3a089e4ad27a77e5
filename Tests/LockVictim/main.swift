// Programs that do to locks what tests want to see from outside: `LockVictim SCENARIO [ARGUMENT]`.

import Foundation
import LockGraph

let name = CommandLine.arguments.dropFirst().first ?? ""
let argument = CommandLine.arguments.dropFirst(2).first ?? ""
guard let scenario = Scenario(rawValue: name) else {
  say("unknown scenario '\(name)'")
  exit(64)
}
scenario.run(argument)
say("done")
