// The network in fashion.o, safe to call.
package main

// #cgo CFLAGS: -O2
// #cgo LDFLAGS: ${SRCDIR}/fashion.o -lm
// #include "fashion.h"
// #include "resize.h"
import "C"
import (
	"fmt"
	"unsafe"
)

const side, classes = C.FASHION_INPUT_WIDTH, C.FASHION_OUTPUT_LEN

// classify gives the probability of each class. Any number of goroutines may call
// it at once: each call has its own arena.
func classify(rgb []byte, width, height int) (output [classes]float32, err error) {
	if width < 1 || height < 1 || len(rgb) != 3*width*height {
		return output, fmt.Errorf("expects %dx%d RGB pixels, but got %d bytes", width, height, len(rgb))
	}
	w, h := C.uint32_t(width), C.uint32_t(height)
	input := make([]byte, C.FASHION_INPUT_BYTES)
	memory := make([]byte, C.FASHION_ARENA_BYTES+C.FASHION_ARENA_ALIGN) // Go does not move it
	gap := -uintptr(unsafe.Pointer(&memory[0])) % C.FASHION_ARENA_ALIGN
	crop := C.mobileone_center_crop(w, h, side*256/224, side, side)
	row, pixels, resized := C.size_t(3*width), (*C.uint8_t)(&rgb[0]), (*C.uint8_t)(&input[0])
	if C.mobileone_resize_crop(pixels, w, h, row, &crop, resized) != 0 {
		return output, fmt.Errorf("no memory to resize %dx%d pixels", width, height)
	}
	arena, result := unsafe.Pointer(&memory[gap]), (*C.float)(&output[0])
	if code := C.fashion_run(unsafe.Pointer(&input[0]), result, arena); code != 0 {
		return output, fmt.Errorf("fashion_run: %s", C.GoString(C.mobileone_strerror(code)))
	}
	return output, nil
}
