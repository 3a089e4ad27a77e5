// What Swift cannot use of libgvc and libcgraph as it is: mutable globals, parameters that are
// `char *` without being written to, and macros.

#ifndef LOCKGRAPH_CGRAPHVIZ_SHIM_H
#define LOCKGRAPH_CGRAPHVIZ_SHIM_H

#include <gvc.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

// The descriptors of graph kinds are mutable globals, which Swift 6 refuses to read.
static inline Agraph_t *lockgraph_open_directed(const char *name) {
  return agopen((char *)name, Agdirected, NULL);
}

// The message comes in pieces; an earlier handler is returned to be restored.
typedef int (*lockgraph_message_handler)(char *message);

static inline lockgraph_message_handler lockgraph_set_message_handler(
    lockgraph_message_handler handler) {
  return agseterrf(handler);
}

// The arrangement by forces begins with numbers from the process's generator: from these, so that
// it is the same each time.
static inline void lockgraph_seed_random_numbers(void) { srand(1); }

static inline Agraph_t *lockgraph_read_text(const char *text) { return agmemread(text); }

static inline Agnode_t *lockgraph_add_node(Agraph_t *graph, const char *name) {
  return agnode(graph, (char *)name, 1);
}

static inline Agedge_t *lockgraph_add_edge(
    Agraph_t *graph, Agnode_t *tail, Agnode_t *head, const char *name) {
  return agedge(graph, tail, head, (char *)name, 1);
}

static inline void lockgraph_set_graph_attribute(
    Agraph_t *graph, const char *name, const char *value) {
  agattr(graph, AGRAPH, (char *)name, (char *)value);
}

static inline void lockgraph_set_node_default(
    Agraph_t *graph, const char *name, const char *value) {
  agattr(graph, AGNODE, (char *)name, (char *)value);
}

static inline void lockgraph_set_edge_default(
    Agraph_t *graph, const char *name, const char *value) {
  agattr(graph, AGEDGE, (char *)name, (char *)value);
}

static inline void lockgraph_set_node(Agnode_t *node, const char *name, const char *value) {
  agsafeset(node, (char *)name, (char *)value, "");
}

static inline void lockgraph_set_edge(Agedge_t *edge, const char *name, const char *value) {
  agsafeset(edge, (char *)name, (char *)value, "");
}

// A graph's layout is read from its records, not from text attributes: exact, and without locale.
static inline boxf lockgraph_bounds(Agraph_t *graph) { return GD_bb(graph); }

static inline pointf lockgraph_node_center(Agnode_t *node) { return ND_coord(node); }

static inline bool lockgraph_edge_label(Agedge_t *edge, pointf *center) {
  textlabel_t *label = ED_label(edge);
  if (!label || !label->set) return false;
  *center = label->pos;
  return true;
}

static inline size_t lockgraph_curve_count(Agedge_t *edge) {
  return ED_spl(edge) ? (size_t)ED_spl(edge)->size : 0;
}

static inline size_t lockgraph_curve_size(Agedge_t *edge, size_t curve) {
  return (size_t)ED_spl(edge)->list[curve].size;
}

static inline pointf lockgraph_curve_point(Agedge_t *edge, size_t curve, size_t point) {
  return ED_spl(edge)->list[curve].list[point];
}

static inline bool lockgraph_curve_tip(Agedge_t *edge, size_t curve, pointf *tip) {
  bezier *piece = &ED_spl(edge)->list[curve];
  if (!piece->eflag) return false;
  *tip = piece->ep;
  return true;
}

// glibc shows `dladdr` only to those who ask for GNU extensions before anything else, which a
// module cannot; so it is declared here under a name of its own.
#if defined(__APPLE__)
#include <dlfcn.h>
typedef Dl_info lockgraph_symbol_information;
static inline int lockgraph_locate_symbol(
    const void *symbol, lockgraph_symbol_information *information) {
  return dladdr(symbol, information);
}
#else
typedef struct {
  const char *dli_fname;
  void *dli_fbase;
  const char *dli_sname;
  void *dli_saddr;
} lockgraph_symbol_information;
int lockgraph_locate_symbol(
    const void *symbol, lockgraph_symbol_information *information) __asm__("dladdr");
#endif

// The file that holds a symbol; NULL if it is not known.
static inline const char *lockgraph_file_of_symbol(const void *symbol) {
  lockgraph_symbol_information information = {0};
  return lockgraph_locate_symbol(symbol, &information) ? information.dli_fname : NULL;
}

// The loadable plugin's symbol is its library record.
static inline void lockgraph_add_library(GVC_t *context, void *library) {
  gvAddLibrary(context, (gvplugin_library_t *)library);
}

static inline GVC_t *lockgraph_context_without_plugins(void) {
  return gvContextPlugins(NULL, 0);
}

#endif
