using System.Runtime;
using System.Runtime.InteropServices;

namespace KeysCluster.Benchmarks.Reporting;

/// <summary>What a reader needs to know of the machine, and nothing that tells which one it was.</summary>
internal sealed record Machine(int Cores, double MemoryGiB, string Architecture, string Runtime, bool ServerGc)
{
    public static Machine Describe() => new(
        Environment.ProcessorCount,
        Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30), 1),
        RuntimeInformation.ProcessArchitecture.ToString(),
        RuntimeInformation.FrameworkDescription,
        GCSettings.IsServerGC);
}
