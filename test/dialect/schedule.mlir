// A schedule is read as it is printed: fields in one order, and none for a loop
// that a kernel does not have.
// RUN: mobileone-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: func.func private @one_dimension()
// CHECK-SAME:    attributes {mobileone.schedule = #mobileone.schedule<lanes = 16, order = [lanes]>}
func.func private @one_dimension() attributes {mobileone.schedule = #mobileone.schedule<order = [lanes], lanes = 16>}

// CHECK-LABEL: func.func private @rows()
// CHECK-SAME:    #mobileone.schedule<panels = 2, lanes = 8, depth = [4], order = [lanes, panels]>
func.func private @rows() attributes {mobileone.schedule =
  #mobileone.schedule<depth = [4], panels = 2, lanes = 8, order = [lanes, panels]>}

// CHECK-LABEL: func.func private @all_fields()
// CHECK-SAME:    #mobileone.schedule<pixels = [1, 14], panels = 2, lanes = 16, depth = [3, 3], order = [panels, pixels0, pixels1, lanes], split = pixels0, algorithm = strassen<rows = 7, levels = 1, sums = run>, hoist, prefetch, by_element>
func.func private @all_fields() attributes {mobileone.schedule =
  #mobileone.schedule<by_element, prefetch, hoist, algorithm = strassen<rows = 7>, split = pixels0, order = [panels, pixels0, pixels1, lanes],
                      depth = [3, 3], lanes = 16, panels = 2, pixels = [1, 14]>}

// CHECK-LABEL: func.func private @shared_panels()
// CHECK-SAME:    split = panels>
func.func private @shared_panels() attributes {mobileone.schedule =
  #mobileone.schedule<panels = 2, lanes = 16, order = [panels, lanes], split = panels>}

// All products are what is done where nothing is said.
// CHECK-LABEL: func.func private @classical()
// CHECK-SAME:    #mobileone.schedule<lanes = 16, order = [lanes]>
func.func private @classical() attributes {mobileone.schedule =
  #mobileone.schedule<lanes = 16, order = [lanes], algorithm = classical>}
