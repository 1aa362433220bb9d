// Decodes JPEG files with Go's image/jpeg into .ppm files beside each other:
//
//	decode FOLDER FILE...
package main

import (
	"bufio"
	"fmt"
	"image/jpeg"
	"log"
	"os"
	"path/filepath"
)

func decode(folder, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	image, err := jpeg.Decode(file)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	size := image.Bounds()
	output, err := os.Create(filepath.Join(folder, filepath.Base(path)+".ppm"))
	if err != nil {
		return err
	}
	writer := bufio.NewWriter(output)
	fmt.Fprintf(writer, "P6 %d %d 255\n", size.Dx(), size.Dy())
	for y := size.Min.Y; y < size.Max.Y; y++ {
		for x := size.Min.X; x < size.Max.X; x++ {
			r, g, b, _ := image.At(x, y).RGBA()
			writer.Write([]byte{byte(r >> 8), byte(g >> 8), byte(b >> 8)})
		}
	}
	if err := writer.Flush(); err != nil {
		return err
	}
	return output.Close()
}

func main() {
	for _, path := range os.Args[2:] {
		if err := decode(os.Args[1], path); err != nil {
			log.Fatal(err)
		}
	}
}
