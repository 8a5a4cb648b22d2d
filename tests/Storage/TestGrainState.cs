using System.Diagnostics.CodeAnalysis;

namespace KeysCluster.Storage.Tests;

/// <summary>What a grain holds of its stored state: the state, its version, and whether there is one.</summary>
internal sealed class TestGrainState : IGrainState<TestKeyState>
{
    [AllowNull]
    public TestKeyState State { get; set => field = value ?? new TestKeyState(); } = new();

    public string? ETag { get; set; }

    public bool RecordExists { get; set; }
}
