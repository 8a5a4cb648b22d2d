using System.Diagnostics.CodeAnalysis;

namespace KeysCluster.Storage.Tests;

/// <summary>What a grain holds of its stored state: the state, its version, and whether there is one.</summary>
internal sealed class StoredKey : IGrainState<SampleKey>
{
    [AllowNull]
    public SampleKey State { get; set => field = value ?? new SampleKey(); } = new();

    public string? ETag { get; set; }

    public bool RecordExists { get; set; }
}
