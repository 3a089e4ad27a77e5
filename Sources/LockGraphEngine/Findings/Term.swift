/// A word that reports use and that is no rule and no grade.
package struct Term: Sendable {
  /// As `explain` and reports have it; words joined by hyphens.
  package let name: String
  /// Other words for it.
  package let synonyms: [String]
  /// Plain text paragraphs.
  package let meaning: String
  /// What else to look up: names of terms, rules and grades.
  package let related: [String]

  init(_ name: String, _ synonyms: [String] = [], see related: [String] = [], _ meaning: String) {
    self.name = name
    self.synonyms = synonyms
    self.related = related
    self.meaning = meaning
  }

  /// All of them, by their names.
  package static let all = (orders + threads + judgements).sorted { $0.name < $1.name }

  private static let orders = [
    Term(
      "class", ["lock-class"], see: ["instance", "derived-class", "order"],
      """
      What locks have in common that are used alike: those that one line of the program makes, or one member of \
      a type. Orders are learned between classes, so that one run of a code path shows its order for all locks \
      it will ever take. Reports write CLASS (INSTANCE), as Account.lock (account-1017), or one name where both \
      are the same.

      The input states a class (class= in the text format), or it is derived.
      """),
    Term(
      "derived-class", ["class-by"], see: ["class", "fold"],
      """
      A class that no input states: the place where the lock is made (--class-by init), where it is taken first \
      (first-use), or the lock itself (lock). It gives locks a name in common for readers. What is found is \
      found of the locks themselves: a cycle of derived classes that no locks have is counted, and is no finding.
      """),
    Term(
      "instance", ["lock"], see: ["class", "feasible", "nesting"],
      """
      One lock, as against its class. A cycle of classes is a deadlock only where instances meet, which is what \
      the grade of a finding looks at.
      """),
    Term(
      "nesting-level", ["subclass", "level"], see: ["nesting", "class"],
      """
      A number that an acquisition gives to say which of several locks of one class it takes: Account, Account/1. \
      Each level is a class of its own. Levels are a promise that the order within the class is taken care of; a \
      cycle of the very same locks at different levels is reported all the same.
      """),
    Term(
      "nesting", ["by-instance", "rank", "nest", "same-class"],
      see: ["recursive-acquisition", "nest-not-held", "nesting-level"],
      """
      Taking a lock while another of its class is held. It is a recursive-acquisition unless the program says \
      why it is none: ranks that rise (rank=), levels (subclass=), an outer lock that serialises the class \
      (nest=), or that only the order of instances counts (nesting=by-instance).
      """),
    Term(
      "order", ["dependency", "edge", "lock-order"], see: ["kinds", "cycle", "witness"],
      """
      A -> B: somewhere B was asked for while A was held. It is counted at the request, so a wait that was given \
      up counts as well, and from every lock that is held, not from the last one alone. A try that cannot wait \
      makes no order to the lock that it tries.
      """),
    Term(
      "kinds", ["kind", "en", "er", "sn", "sr"], see: ["order", "mode", "cycle"],
      """
      How the locks of an order are held and asked for, in two letters. The first is E if the one was held \
      exclusively, S if it was shared by readers. The second is N if the other was asked for by a writer or by \
      a reader that cannot recurse, R if by a recursive reader. So EN is what plain mutexes make.

      Text says it in words, and nothing where it is EN; graph files, JSON and pictures have the letters.
      """),
    Term(
      "cycle", ["circle", "strong-cycle"], see: ["order", "kinds", "lock-order-inversion"],
      """
      Orders that lead back to where they began, as A -> B and B -> A. It is reported if every step of it can \
      block: not where somebody asks as a recursive reader (R) for what the next holds as a reader (S), since \
      those two do not wait for each other.
      """),
    Term(
      "mode", ["read", "write", "reader", "writer", "recursive-read", "upgradable"],
      see: ["kinds", "cycle"],
      """
      How a lock is taken: to write, which nothing is said of, (read), (recursive-read) or (upgradable). A reader \
      waits for a writer that has the lock and behind one that waits for it; a recursive reader only for one \
      that has it. Of those that may be upgraded to writers one has the lock at a time, beside its readers.
      """),
    Term(
      "try", ["trylock"], see: ["order"],
      """
      An acquisition that fails rather than waits. It closes no cycle, because nobody waits in it; what is asked \
      for while the lock that it got is held counts as ever.
      """),
  ]
  private static let threads = [
    Term(
      "gate-lock", ["gate", "guard"], see: ["excluded"],
      """
      A lock that both sides of a cycle hold around what they do, so that they cannot meet. The finding is \
      excluded then, and names it. (lockdep-check gate is a command: analyze with an exit status.)
      """),
    Term(
      "join", ["spawn", "end-of-a-thread"], see: ["excluded", "lock-order-inversion"],
      """
      Waiting for the end of a thread. The end is like a lock that the thread holds all its life: joining it \
      under a lock that it still has to take is a deadlock. What a thread did before it started another, or \
      after it joined it, cannot meet what that one does.
      """),
    Term(
      "context", ["hardirq", "softirq", "nmi", "signal", "interrupt", "mask"],
      see: ["context-inversion", "context-order-inversion", "wait-type"],
      """
      Where code runs that comes in between: an interrupt of a kernel (hardirq, softirq, nmi) or a signal handler \
      of a program. It interrupts a thread that may hold locks, and that thread goes on only when it is done. \
      What is masked cannot come.
      """),
    Term(
      "wait-type", ["wait-context", "sleep", "spin"], see: ["invalid-wait-context", "context"],
      """
      How one waits for a lock: by spinning or by sleeping. What may sleep must not be asked for inside an \
      interrupt, or under a lock for which others spin.
      """),
    Term(
      "pool", ["semaphore", "permit", "permits"], see: ["deadlock"],
      """
      A semaphore with several permits. Who takes one excludes nobody in particular, so it takes no part in \
      orders; it is exhausted when all permits are out. It is a deadlock if all who have one wait for each other.
      """),
    Term(
      "open-wait", ["waiting", "wait", "still-waits"], see: ["still-waiting", "deadlock"],
      """
      A thread that waits where the input ends. Reports end with these waits, by what each goes back to: a \
      circle, a thread that has ended, a signal that nobody gave. They are findings with --fail-on-waits only, \
      since a recording that was cut off has some.
      """),
    Term(
      "exclusive", ["private"], see: ["ordering"],
      """
      A nesting where nobody else could reach one of the locks: in an initialiser, before the object is shared, \
      or in a deinitialiser. An order that was seen so only is ordering at most.
      """),
    Term(
      "schedule", ["reordering", "prediction"], see: ["predicted"],
      """
      The order of a run's events that ends in a deadlock: which thread runs up to which place before another goes \
      on. analyze --schedule FILE writes it as a trace; confirm makes it happen.
      """),
  ]

  private static let judgements = [
    Term(
      "witness", ["evidence", "place", "stack"], see: ["order"],
      """
      One acquisition that shows an order: the thread, both locks, both places and stacks, what else was held, \
      and the line of the input. A place is where the source says (at=), else the innermost call that is known.
      """),
    Term(
      "grade", ["confidence"],
      see: ["observed", "predicted", "feasible", "ordering", "excluded", "severity"],
      """
      How sure a deadlock is, surest first: observed, predicted, feasible, ordering, excluded. Each finding says \
      why it has its grade and no higher one. --fail-on names the least that fails a gate; a policy may set it \
      for each rule. Rules of which a single event is the violation have no grade.
      """),
    Term(
      "severity", ["error", "warning", "note"], see: ["grade"],
      """
      How bad a finding is: error, warning or note. Of deadlocks the grade decides it: observed, predicted and \
      feasible are errors, ordering is a warning, excluded a note. Other rules are errors, but for \
      wait-while-holding, a note.
      """),
    Term(
      "fingerprint", [], see: ["baseline", "fold"],
      """
      What a finding is known by in every run and on every machine: sixteen digits made of the rule, the classes \
      and how they were taken, never of lines, addresses, threads or times. Where classes are not stated, the \
      functions and files of its places stand for them.
      """),
    Term(
      "fold", ["folding", "stands-for"], see: ["fingerprint", "derived-class"],
      """
      One finding for several that differ in their locks alone, where no input states their classes. It tells how \
      many they are and three of them, and shows the worst and surest.
      """),
    Term(
      "baseline", [], see: ["standing", "fingerprint", "policy"],
      """
      A file of findings that are known (--write-baseline, --baseline). They fail no gate until they are gone and \
      come back; each may have a reason, an owner and a day on which it expires.
      """),
    Term(
      "policy", ["ignore", "declaration"], see: ["standing", "declared-order", "baseline"],
      """
      A file of what is wanted: orders that are declared, findings that are ignored and why, grades that fail. A \
      gate reads .lockgraph.yml where it runs.
      """),
    Term(
      "standing", ["known", "ignored", "expired", "failing", "below", "excused"],
      see: ["baseline", "policy", "grade"],
      """
      What a gate makes of a finding. failing: a violation. known: a baseline has it. ignored: a policy excuses \
      it. expired: an exception of either was for it, and its day is over, so that it fails. below: it is less \
      sure than --fail-on asks for. What is known or ignored is a line in text and a closed group in HTML.
      """),
  ]
}
