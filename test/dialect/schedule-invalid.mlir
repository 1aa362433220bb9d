// What is wrong in a schedule of any kernel. What does not fit a kernel is in
// compiler/Schedule/schedule-file-refused.mlir.
// RUN: mobileone-opt %s --split-input-file --verify-diagnostics

// expected-error @+1 {{'func.func' op expects mobileone.schedule to be a #mobileone.schedule, but got {order = array<i64: 0>, tile = array<i64: 16>}}}
func.func private @dictionary() attributes {mobileone.schedule = {order = array<i64: 0>, tile = array<i64: 16>}}

// -----

// expected-error @+1 {{expects pixels, panels, lanes, depth, order, split, algorithm, hoist, prefetch or by_element, but got unroll}}
#schedule = #mobileone.schedule<lanes = 16, order = [lanes], unroll = 4>

// -----

// expected-error @+1 {{expects each field once, but got lanes again}}
#schedule = #mobileone.schedule<lanes = 16, order = [lanes], lanes = 8>

// -----

// expected-error @+1 {{expected '='}}
#schedule = #mobileone.schedule<lanes, order = [lanes]>

// -----

// A flag has no value.
// expected-error @+1 {{expected '>'}}
#schedule = #mobileone.schedule<lanes = 16, order = [lanes], hoist = false>

// -----

// expected-error @+1 {{expected integer value}}
#schedule = #mobileone.schedule<lanes = [16], order = [lanes]>

// -----

// expected-error @+1 {{integer value too large}}
#schedule = #mobileone.schedule<lanes = 9223372036854775808, order = [lanes]>

// -----

// expected-error @+1 {{expected '['}}
#schedule = #mobileone.schedule<lanes = 16, depth = 4, order = [lanes]>

// -----

// expected-error @+1 {{expects panels, lanes, pixels0, pixels1 or so, but got depth}}
#schedule = #mobileone.schedule<lanes = 16, depth = [4], order = [depth, lanes]>

// -----

// expected-error @+1 {{expects panels, lanes, pixels0, pixels1 or so, but got pixels}}
#schedule = #mobileone.schedule<pixels = [4], panels = 1, lanes = 16, order = [pixels, panels, lanes]>

// -----

// expected-error @+1 {{expects panels, lanes, pixels0, pixels1 or so, but got rows}}
#schedule = #mobileone.schedule<panels = 1, lanes = 16, order = [panels, lanes], split = rows>

// -----

// expected-error @+1 {{expects a size of at least 1, but got lanes = 0}}
#schedule = #mobileone.schedule<panels = 1, order = [panels, lanes]>

// -----

// expected-error @+1 {{expects a size of at least 1, but got panels = 0}}
#schedule = #mobileone.schedule<panels = 0, lanes = 16, order = [panels, lanes]>

// -----

// expected-error @+1 {{expects a size of at least 1, but got pixels1 = -2}}
#schedule = #mobileone.schedule<pixels = [1, -2], panels = 1, lanes = 16, order = [pixels0, pixels1, panels, lanes]>

// -----

// expected-error @+1 {{expects a size of at least 1, but got depth0 = 0}}
#schedule = #mobileone.schedule<lanes = 16, depth = [0, 3], order = [lanes]>

// -----

// expected-error @+1 {{expects an order that names each of panels, lanes once, but got []}}
#schedule = #mobileone.schedule<panels = 1, lanes = 16>

// -----

// expected-error @+1 {{expects an order that names each of panels, lanes once, but got [panels, panels]}}
#schedule = #mobileone.schedule<panels = 1, lanes = 16, order = [panels, panels]>

// -----

// expected-error @+1 {{expects an order that names each of pixels0, panels, lanes once, but got [panels, pixels1, lanes]}}
#schedule = #mobileone.schedule<pixels = [1], panels = 1, lanes = 16, order = [panels, pixels1, lanes]>

// -----

// A vector is not shared.
// expected-error @+1 {{expects to split pixels or panels of the tile, but got lanes}}
#schedule = #mobileone.schedule<panels = 1, lanes = 16, order = [panels, lanes], split = lanes>

// -----

// expected-error @+1 {{expects to split pixels or panels of the tile, but got pixels0}}
#schedule = #mobileone.schedule<panels = 1, lanes = 16, order = [panels, lanes], split = pixels0>

// -----

// expected-error @+1 {{expects bands of at least 1 row, but got 0}}
#schedule = #mobileone.schedule<lanes = 16, order = [lanes], algorithm = strassen<rows = 0>>

// -----

// expected-error @+1 {{expects bands of at least 1 row, but got 0}}
#schedule = #mobileone.schedule<lanes = 16, order = [lanes], algorithm = strassen<levels = 1>>

// -----

// expected-error @+1 {{expects 1 or 2 levels of Strassen's algorithm, but got 3}}
#schedule = #mobileone.schedule<lanes = 16, order = [lanes], algorithm = strassen<rows = 8, levels = 3, sums = compile>>

// -----

// expected-error @+1 {{expects sums = compile for 2 levels, but got run}}
#schedule = #mobileone.schedule<lanes = 16, order = [lanes], algorithm = strassen<rows = 8, levels = 2>>

// -----

// expected-error @+1 {{expects rows, levels or sums, but got columns}}
#schedule = #mobileone.schedule<lanes = 16, order = [lanes], algorithm = strassen<columns = 2>>

// -----

// expected-error @+1 {{expects each field once, but got rows again}}
#schedule = #mobileone.schedule<lanes = 16, order = [lanes], algorithm = strassen<rows = 2, rows = 4>>

// -----

// expected-error @+1 {{expects run or compile, but got never}}
#schedule = #mobileone.schedule<lanes = 16, order = [lanes], algorithm = strassen<rows = 2, sums = never>>

// -----

// expected-error @+1 {{expects classical or strassen, but got winograd}}
#schedule = #mobileone.schedule<lanes = 16, order = [lanes], algorithm = winograd>
