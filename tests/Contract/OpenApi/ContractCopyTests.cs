using KeysCluster.TestKit;

namespace KeysCluster.Contract.OpenApi;

public sealed class ContractCopyTests
{
    [Fact]
    public void The_contract_copy_matches_the_published_contract() =>
        Assert.Equal(File.ReadAllBytes(Repository.RotateContractFile), File.ReadAllBytes(Repository.CopiedContract));
}
