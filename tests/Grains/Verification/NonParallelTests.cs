namespace KeysCluster.Grains.Tests.Verification;

/// <summary>The tests of this collection measure memory, so no other test runs at the same time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class NonParallelTests
{
    public const string Name = "non-parallel";
}
