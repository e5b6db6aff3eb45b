package dev.holdfast.engine.info;

/**
 * {@code INFO memory}: keys and client buffers are native memory; the Java heap has a fixed size
 * and is told apart.
 */
record MemorySection(Info.Sources sources) {
  void write(Section s) {
    long used = sources.usedMemory().getAsLong();
    long peak = sources.peakMemory().getAsLong();
    long resident = ProcessFacts.residentBytes();
    long clients = sources.clients().bufferBytes();
    long dataset = Math.max(0, used - clients);
    Runtime java = Runtime.getRuntime();
    s.bytes("used_memory", used)
        .bytes("used_memory_rss", resident)
        .bytes("used_memory_peak", peak)
        .add("used_memory_peak_perc", percent(used, peak))
        .add("used_memory_overhead", clients)
        .add("used_memory_startup", 0)
        .add("used_memory_dataset", dataset)
        .add("used_memory_dataset_perc", percent(dataset, used))
        .add("allocator_allocated", used)
        .add("allocator_active", used)
        .add("allocator_resident", resident)
        .bytes("total_system_memory", ProcessFacts.totalMemory())
        .add("used_memory_lua", 0)
        .add("used_memory_vm_eval", 0)
        .add("used_memory_lua_human", "0B")
        .add("used_memory_scripts_eval", 0)
        .add("number_of_cached_scripts", 0)
        .add("number_of_functions", 0)
        .add("number_of_libraries", 0)
        .add("used_memory_vm_functions", 0)
        .add("used_memory_vm_total", 0)
        .add("used_memory_vm_total_human", "0B")
        .add("used_memory_functions", 0)
        .add("used_memory_scripts", 0)
        .add("used_memory_scripts_human", "0B")
        .add("java_heap_used", java.totalMemory() - java.freeMemory())
        .add("java_heap_max", java.maxMemory());
    long limit = sources.config().number("maxmemory");
    s.bytes("maxmemory", limit)
        .add("maxmemory_policy", sources.config().text("maxmemory-policy"))
        .decimals("allocator_frag_ratio", 1, 2)
        .add("allocator_frag_bytes", 0)
        .decimals("allocator_rss_ratio", ratio(resident, used), 2)
        .add("allocator_rss_bytes", Math.max(0, resident - used))
        .decimals("rss_overhead_ratio", 1, 2)
        .add("rss_overhead_bytes", 0)
        .decimals("mem_fragmentation_ratio", ratio(resident, used), 2)
        .add("mem_fragmentation_bytes", Math.max(0, resident - used))
        .add("mem_not_counted_for_evict", sources.keyspace().pendingBytes())
        .add("mem_replication_backlog", 0)
        .add("mem_total_replication_buffers", 0)
        .add("mem_clients_slaves", 0)
        .add("mem_clients_normal", clients)
        .add("mem_cluster_links", 0)
        .add("mem_aof_buffer", sources.persistence().info().aofBufferLength())
        .add("mem_allocator", "holdfast-slabs")
        .add("active_defrag_running", 0)
        .add("lazyfree_pending_objects", 0)
        .add("lazyfreed_objects", 0);
  }

  private static String percent(long part, long whole) {
    return Section.fixed(whole == 0 ? 0 : 100.0 * part / whole, 2) + "%";
  }

  private static double ratio(long a, long b) {
    return b == 0 ? 0 : (double) a / b;
  }
}
