/** The thesis' comparison of ConvVAE and NVAE as V. */
package worldmodels.study.thesis;
