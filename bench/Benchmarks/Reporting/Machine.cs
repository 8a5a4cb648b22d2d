using System.Runtime;
using System.Runtime.InteropServices;

namespace KeysCluster.Benchmarks.Reporting;

/// <summary>Describes the machine of a run, without identifying it.</summary>
internal sealed record Machine(int Cores, double MemoryGiB, string Architecture, string Runtime, bool ServerGc)
{
    public static Machine Describe() => new(
        Environment.ProcessorCount,
        Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30), 1),
        RuntimeInformation.ProcessArchitecture.ToString(),
        RuntimeInformation.FrameworkDescription,
        GCSettings.IsServerGC);
}
