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
  static let wholeCycle = 12
  /// How many dependencies are drawn at each end of a longer one.
  static let cycleEnd = 4
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
  /// Markers of findings without dependencies at one class.
  static let markers = 2

  static let findings = DrawingLimits(
    findingClasses: 24, findingDependencies: 32, classes: 48, contextDependencies: 96,
    neighbours: 24)
  static let all = DrawingLimits(
    findingClasses: 200, findingDependencies: 300, classes: 400, contextDependencies: 700,
    neighbours: 400)
  static let around = DrawingLimits(
    findingClasses: 48, findingDependencies: 48, classes: 48, contextDependencies: 96,
    neighbours: 48)
}
