// What the module Musl of the static Linux SDK has besides the headers, of what the library uses.
// For the compiler alone: nothing of it runs.
@_exported public import SwiftMusl

public var errno: Int32 {
  get { __errno_location().pointee }
  set { __errno_location().pointee = newValue }
}
public func open(_ path: UnsafePointer<CChar>, _ flags: Int32) -> Int32 { fatalError() }
public func open(_ path: UnsafePointer<CChar>, _ flags: Int32, _ mode: mode_t) -> Int32 {
  fatalError()
}
public func openat(_ fd: Int32, _ path: UnsafePointer<CChar>, _ flags: Int32) -> Int32 {
  fatalError()
}
public func openat(_ fd: Int32, _ path: UnsafePointer<CChar>, _ flags: Int32, _ mode: mode_t)
  -> Int32
{ fatalError() }
public func fcntl(_ fd: Int32, _ command: Int32) -> Int32 { fatalError() }
public func fcntl(_ fd: Int32, _ command: Int32, _ value: Int32) -> Int32 { fatalError() }
public func ioctl(_ fd: CInt, _ request: CInt, _ value: UnsafeMutableRawPointer) -> CInt {
  fatalError()
}
public var S_IFMT: mode_t { 0o170000 }
public var S_IFIFO: mode_t { 0o010000 }
public var S_IFCHR: mode_t { 0o020000 }
public var S_IFDIR: mode_t { 0o040000 }
public var S_IFBLK: mode_t { 0o060000 }
public var S_IFREG: mode_t { 0o100000 }
public var S_IFLNK: mode_t { 0o120000 }
public var S_IFSOCK: mode_t { 0o140000 }
public var SIG_DFL: (@convention(c) (Int32) -> Void)? { nil }
public var SIG_IGN: @convention(c) (Int32) -> Void {
  unsafeBitCast(1, to: (@convention(c) (Int32) -> Void).self)
}
public var SIG_ERR: @convention(c) (Int32) -> Void {
  unsafeBitCast(-1, to: (@convention(c) (Int32) -> Void).self)
}
public var MAP_FAILED: UnsafeMutableRawPointer! { UnsafeMutableRawPointer(bitPattern: -1) }
