/// How sure a reader is that an input is of its format.
enum Sureness: Comparable {
  case none
  /// It is taken for it if no other reader is surer; of those that are alike the first of the list.
  case likely
  /// Nothing else looks like that.
  case certain
}
