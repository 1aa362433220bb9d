// Classifies a PNG with the network in fashion.o.
package main

import (
	"fmt"
	"image/color"
	"image/png"
	"log"
	"os"
	"sort"
	"strings"
)

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("classify: ")
	if len(os.Args) != 3 {
		log.Fatal("expects IMAGE.png LABELS.txt")
	}
	text, err := os.ReadFile(os.Args[2])
	check(err)
	labels := append(strings.Split(string(text), "\n"), make([]string, classes)...) // none is left without one
	file, err := os.Open(os.Args[1])
	check(err)
	picture, err := png.Decode(file)
	if err != nil {
		log.Fatalf("%s: %v", os.Args[1], err)
	}
	var rgb []byte
	size := picture.Bounds()
	for y := size.Min.Y; y < size.Max.Y; y++ {
		for x := size.Min.X; x < size.Max.X; x++ {
			pixel := color.NRGBAModel.Convert(picture.At(x, y)).(color.NRGBA)
			rgb = append(rgb, pixel.R, pixel.G, pixel.B) // alpha is not blended
		}
	}
	output, err := classify(rgb, size.Dx(), size.Dy())
	check(err)
	var order [classes]int
	for class := range order {
		order[class] = class
	}
	sort.SliceStable(order[:], func(a, b int) bool { return output[order[a]] > output[order[b]] })
	fmt.Println(os.Args[1])
	for _, class := range order[:5] {
		fmt.Printf("  %6.2f %%  %4d  %s\n", 100*float64(output[class]), class, labels[class])
	}
}
