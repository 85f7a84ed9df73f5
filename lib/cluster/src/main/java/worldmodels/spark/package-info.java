/** Clusters by Apache Spark: the kit's work as Spark's tasks. Scheduling, lost executors, retries and cluster managers are Spark's. */
package worldmodels.spark;
