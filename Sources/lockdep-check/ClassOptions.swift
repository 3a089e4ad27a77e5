import ArgumentParser
import LockGraphEngine

extension ClassBasis: ExpressibleByArgument {}

/// What becomes the class of locks of which none is stated; shared by all commands that validate.
struct ClassOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      What makes locks a class where traces state none: the place of their init, that of their first \
      use, or nothing, each lock being its own. Graph files keep what they were merged with.
      """, valueName: "init|first-use|lock"))
  var classBy: ClassBasis = .initialization
}
