namespace KeysCluster.Contract.OpenApi;

public sealed class ContractCopyTests
{
    [Fact]
    public void The_copy_of_the_contract_is_what_its_owner_wrote() =>
        Assert.Equal(File.ReadAllBytes(Repository.RotateContract), File.ReadAllBytes(Repository.CopiedContract));
}
