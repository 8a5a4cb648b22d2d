namespace KeysCluster.Grains.Tests.TestSilo;

/// <summary>Tests that share one cluster. Each uses keys of its own, and they run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class ClusterTests : ICollectionFixture<KeysTestCluster>
{
    public const string Name = "cluster";
}
