/* The native half of Network.java: the network in fashion.o. */
#include "fashion.h"
#include "resize.h"
#include <jni.h>
#include <stdlib.h>

enum { SIDE = FASHION_INPUT_WIDTH };

/* Classifies RGB pixels; returns null or what went wrong. Its buffers are its
 * own, so that any number of threads may call it at once. */
static const char *classify(const void *rgb, uint32_t width, uint32_t height,
                            float *output) {
  unsigned char input[FASHION_INPUT_BYTES];
  mobileone_crop crop =
      mobileone_center_crop(width, height, SIDE * 256 / 224, SIDE, SIDE);
  if (mobileone_resize_crop(rgb, width, height, 3 * (size_t)width, &crop,
                            input))
    return "no memory to resize the image";
  void *arena = aligned_alloc(FASHION_ARENA_ALIGN, FASHION_ARENA_BYTES);
  int error = fashion_run(input, output, arena); /* refuses a null arena */
  free(arena);
  return error ? mobileone_strerror(error) : NULL;
}

JNIEXPORT jfloatArray JNICALL Java_Network_run(JNIEnv *env, jclass type,
                                               jbyteArray rgb, jint width,
                                               jint height) {
  float output[FASHION_OUTPUT_LEN];
  (void)type;
  jbyte *pixels = (*env)->GetByteArrayElements(env, rgb, NULL);
  if (!pixels)
    return NULL; /* with an OutOfMemoryError */
  const char *error =
      classify(pixels, (uint32_t)width, (uint32_t)height, output);
  (*env)->ReleaseByteArrayElements(env, rgb, pixels, JNI_ABORT);
  if (error) {
    jclass exception =
        (*env)->FindClass(env, "java/lang/IllegalStateException");
    if (exception)
      (*env)->ThrowNew(env, exception, error);
    return NULL;
  }
  jfloatArray result = (*env)->NewFloatArray(env, FASHION_OUTPUT_LEN);
  if (result)
    (*env)->SetFloatArrayRegion(env, result, 0, FASHION_OUTPUT_LEN, output);
  return result;
}
