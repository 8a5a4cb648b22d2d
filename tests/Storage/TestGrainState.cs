using System.Diagnostics.CodeAnalysis;

namespace KeysCluster.Storage.Tests;

/// <summary>The record through which a grain reads and writes its stored state.</summary>
internal sealed class TestGrainState : IGrainState<TestKeyState>
{
    [AllowNull]
    public TestKeyState State { get; set => field = value ?? new TestKeyState(); } = new();

    public string? ETag { get; set; }

    public bool RecordExists { get; set; }
}
