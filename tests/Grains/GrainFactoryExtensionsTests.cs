using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Projects;
using KeysCluster.Validation;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests;

[Collection(ClusterTests.Name)]
public sealed class GrainFactoryExtensionsTests(KeysTestCluster cluster)
{
    private static readonly VirtualKeyId Key = VirtualKeyId.New(TestData.Start);

    [Fact]
    public void A_reference_from_a_typed_id_equals_the_one_from_GetGrain()
    {
        var grains = cluster.Grains;
        var project = TestData.Project;

        AssertSameReference(grains.GetGrain<IVirtualKeyGrain>(Key.ToString()), grains.GetVirtualKeyGrain(Key));
        AssertSameReference(grains.GetGrain<IProjectGrain>(project.ToString()), grains.GetProjectGrain(project));

        var validator = grains.GetValidationGrain();
        AssertSameReference(grains.GetGrain<IValidationGrain>(validator.GetPrimaryKeyLong()), validator);
    }

    private static void AssertSameReference(IAddressable expected, IAddressable actual)
    {
        Assert.Equal(expected.GetGrainId(), actual.GetGrainId());
        Assert.Equal(((GrainReference)expected).InterfaceType, ((GrainReference)actual).InterfaceType);
        Assert.Equal(((GrainReference)expected).InterfaceVersion, ((GrainReference)actual).InterfaceVersion);
        Assert.Equal(expected, actual);
    }
}
