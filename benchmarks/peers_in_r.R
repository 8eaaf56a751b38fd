# Times a peer written in R; prints `seconds rows version` as one line.
# Rscript peers_in_r.R peacesciencer | Rscript peers_in_r.R script FILE.R
arguments <- commandArgs(trailingOnly = TRUE)
if (arguments[1] == "peacesciencer") {
  suppressPackageStartupMessages(library(peacesciencer))
  seconds <- system.time(
    pairs <- create_dyadyears(directed = TRUE, subset_years = 1816:2018)
  )[["elapsed"]]
  cat(seconds, nrow(pairs), as.character(packageVersion("peacesciencer")), "\n")
} else {
  place <- new.env()
  seconds <- system.time(source(arguments[2], local = place, chdir = TRUE))[["elapsed"]]
  cat(seconds, NA, basename(arguments[2]), "\n")
}
