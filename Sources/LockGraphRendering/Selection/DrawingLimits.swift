/// How much a picture shows: what a reader can take in, and what can be laid out in a second.
///
/// The time of Graphviz's layers grows with the square and worse of the classes, dependencies and
/// the layers that dependencies cross, so all three are bounded, whatever the graph.
struct DrawingLimits: Sendable {
  /// Classes that findings bring in.
  var findingClasses: Int
  /// Dependencies that findings bring in.
  var findingDependencies: Int
  /// Classes in all.
  var classes: Int
  /// Dependencies in all, not counting those of findings.
  var contextDependencies: Int
  /// Neighbours of the findings' classes.
  var neighbours: Int
  /// Classes that come in by their weight.
  var heaviest = 12
  /// Classes that come in by new dependencies.
  var newClasses = 32
  /// New dependencies that are drawn before all that are on no cycle.
  var newDependencies = 64

  /// The longest cycle that is drawn whole.
  var wholeCycle = 12
  /// How many dependencies are drawn at each end of a longer one.
  var cycleEnd = 4

  /// The most classes that are arranged in layers.
  static let layeredClasses = 150
  /// The most layers that all dependencies together may cross; an arrangement in layers puts an
  /// invisible node on each crossing.
  static let layersCrossed = 900
  /// Up to here a picture is clear without leaving out implied dependencies.
  static let unreducedDependencies = 40
  /// Dependencies looked at for reduction; less used ones are left out before.
  static let reducibleDependencies = 6_000
  /// Waits that are open where the inputs end.
  static let waits = 24
  /// Threads of findings that are no cycle.
  static let threads = 24
  /// Markers of findings without dependencies at one class.
  static let markers = 2

  /// How many classes are drawn if nothing else is asked for, and at most.
  static let usualClasses = 48
  static let allClasses = 400

  /// Findings and what is near them.
  ///
  /// - Parameter isShared: Something else than findings brings in classes, and has to have room.
  static func findings(atMost classes: Int? = nil, isShared: Bool = false) -> DrawingLimits {
    let classes = number(classes ?? usualClasses)
    return DrawingLimits(
      findingClasses: isShared ? classes / 2 : classes - classes / 12,
      findingDependencies: isShared ? 2 * classes / 3 : 4 * classes / 3, classes: classes,
      contextDependencies: 2 * classes, neighbours: max(24, classes / 2)
    ).bounded
  }

  /// One finding, whole if it can be.
  static func finding(atMost classes: Int? = nil) -> DrawingLimits {
    var limits = findings(atMost: classes)
    limits.findingClasses = limits.classes
    limits.wholeCycle = limits.classes
    return limits
  }

  /// Everything.
  static func all(atMost classes: Int? = nil) -> DrawingLimits {
    let classes = number(classes ?? allClasses)
    return DrawingLimits(
      findingClasses: max(classes / 2, min(classes, usualClasses)),
      findingDependencies: 3 * classes / 4, classes: classes,
      contextDependencies: 7 * classes / 4, neighbours: classes
    ).bounded
  }

  /// What is around a class.
  static func around(atMost classes: Int? = nil) -> DrawingLimits {
    let classes = number(classes ?? usualClasses)
    return DrawingLimits(
      findingClasses: classes, findingDependencies: classes, classes: classes,
      contextDependencies: 2 * classes, neighbours: classes
    ).bounded
  }

  /// A number of classes with which all limits are numbers.
  private static func number(_ classes: Int) -> Int { min(max(4, classes), 1 << 20) }

  /// With cycles that are abbreviated to fit.
  private var bounded: DrawingLimits {
    var limits = self
    limits.wholeCycle = min(wholeCycle, classes)
    limits.cycleEnd = max(2, min(cycleEnd, classes / 2))
    return limits
  }
}
