/// What `gdb` runs: it names locks by the variables and members that they are.
///
/// A job is lines of words between tabs: `module PATH BIAS`, `static ADDRESS SYMBOL OFFSET`,
/// `site NUMBER CORE ADDRESS …`. For each lock that gets a name there is a
/// line `NAME SITE ADDRESS NAME CLASS`, with 0 for the site of variables.
enum DebuggerScript {
  static let text = #"""
    import gdb, sys

    LOCKS = ("pthread_mutex_t", "pthread_rwlock_t", "pthread_spinlock_t", "sem_t", "mtx_t",
             "pthread_cond_t", "std::mutex", "std::recursive_mutex", "std::timed_mutex",
             "std::recursive_timed_mutex", "std::shared_mutex", "std::shared_timed_mutex",
             "std::condition_variable", "std::once_flag", "once_flag", "pthread_once_t")


    def plain(type):
        return type.strip_typedefs().unqualified()


    def names_of(type):
        while True:
            type = type.unqualified()
            if type.name:
                yield type.name
            if type.tag:
                yield type.tag
            if type.code != gdb.TYPE_CODE_TYPEDEF:
                return
            type = type.target()


    def is_lock(type):
        for name in names_of(type):
            name = name.replace("std::__1::", "std::").replace("std::__cxx11::", "std::")
            if name in LOCKS or "gthread_" in name or "__pthread" in name:
                return True
            if name.startswith("std::__mutex_base"):
                return True
        return False


    def name_of(type):
        return next(names_of(type), None)


    def member(type, offset, depth=0):
        """The path from a type to what lies at an offset, and the innermost named type's member."""
        if is_lock(type) or depth > 16:
            return []
        bare = plain(type)
        if bare.code == gdb.TYPE_CODE_ARRAY:
            element = bare.target()
            size = element.sizeof
            if size == 0:
                return None
            rest = member(element, offset % size, depth + 1)
            return None if rest is None else [("index", offset // size)] + rest
        if bare.code not in (gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION):
            return [] if offset == 0 else None
        for field in bare.fields():
            if not hasattr(field, "bitpos") or field.type is None:
                continue
            start = field.bitpos // 8
            if start <= offset < start + max(1, field.type.sizeof):
                rest = member(field.type, offset - start, depth + 1)
                if rest is None:
                    continue
                if field.is_base_class:
                    return rest
                return [("field", field.name or "", name_of(type))] + rest
        return None


    def text(path):
        result = ""
        for part in path:
            if part[0] == "index":
                result += "[%d]" % part[1]
            elif part[1]:
                result += ("." if result else "") + part[1]
        return result


    def member_class(path):
        fields = [part for part in path if part[0] == "field" and part[1]]
        for part in reversed(fields):
            if part[2]:
                return part[2] + "::" + part[1]
        return ""


    def variables(frame):
        try:
            block = frame.block()
        except RuntimeError:
            return
        while block is not None and not block.is_global and not block.is_static:
            for symbol in block:
                if symbol.is_argument or symbol.is_variable:
                    yield symbol
            if block.function is not None:
                return
            block = block.superblock


    def look(frame, wanted, result):
        for symbol in variables(frame):
            try:
                value = symbol.value(frame)
                bare = plain(value.type)
                if bare.code in (gdb.TYPE_CODE_PTR, gdb.TYPE_CODE_REF, gdb.TYPE_CODE_RVALUE_REF):
                    target = bare.target()
                    start = int(value) if bare.code == gdb.TYPE_CODE_PTR else int(
                        value.referenced_value().address)
                    prefix = ""
                else:
                    if value.address is None:
                        continue
                    target = value.type
                    start = int(value.address)
                    prefix = symbol.name
                size = target.sizeof
            except (gdb.error, RuntimeError, OverflowError):
                continue
            for lock in list(wanted):
                if not start <= lock < start + size:
                    continue
                if is_lock(target):
                    if prefix:
                        result[lock] = (prefix, "")
                        wanted.discard(lock)
                    continue
                path = member(target, lock - start)
                if not path:
                    continue
                named = member_class(path)
                name = prefix + "." + text(path) if prefix else named
                result[lock] = (name, named)
                wanted.discard(lock)


    def name_at_site(locks):
        wanted = set(locks)
        result = {}
        frame = gdb.newest_frame()
        depth = 0
        while frame is not None and frame.is_valid() and wanted and depth < 40:
            look(frame, wanted, result)
            try:
                frame = frame.older()
            except gdb.error:
                break
            depth += 1
        return result


    def name_static(symbol_name, offset):
        for lookup in (gdb.lookup_global_symbol, gdb.lookup_static_symbol):
            try:
                symbol = lookup(symbol_name)
            except gdb.error:
                symbol = None
            if symbol is not None and symbol.type is not None:
                path = member(symbol.type, offset)
                if path is None:
                    return None
                joined = text(path)
                if not joined:
                    return (symbol_name, "")
                between = "" if joined.startswith("[") else "."
                return (symbol_name + between + joined, member_class(path))
        return None


    def main(job):
        gdb.execute("set pagination off")
        gdb.execute("set confirm off")
        gdb.execute("set print asm-demangle on")
        for line in open(job):
            words = line.rstrip("\n").split("\t")
            try:
                if words[0] == "module":
                    gdb.execute('add-symbol-file "%s" -o %s' % (words[1], words[2]), to_string=True)
                elif words[0] == "static":
                    found = name_static(words[2], int(words[3]))
                    if found:
                        print("NAME\t0\t%s\t%s\t%s" % (words[1], found[0], found[1]))
                elif words[0] == "site":
                    gdb.execute('core-file ' + words[2], to_string=True)
                    locks = [int(word, 16) for word in words[3:]]
                    for lock, found in name_at_site(locks).items():
                        print("NAME\t%s\t%x\t%s\t%s" % (words[1], lock, found[0], found[1]))
            except (gdb.error, RuntimeError, ValueError, OverflowError) as error:
                print("FAIL\t%s\t%s" % (line.strip(), error))
            sys.stdout.flush()
    """#
}
