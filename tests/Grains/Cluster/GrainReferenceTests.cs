using KeysCluster.Projects;
using KeysCluster.Validation;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Cluster;

[Collection(OnCluster.Name)]
public sealed class GrainReferenceTests(KeysTestCluster cluster)
{
    private static readonly VirtualKeyId Key = VirtualKeyId.New(Sample.Start);

    [Fact]
    public void A_reference_by_a_typed_id_is_the_one_that_Orleans_gives()
    {
        var grains = cluster.Grains;

        Same(grains.GetGrain<IVirtualKeyGrain>(Key.ToString()), grains.GetVirtualKey(Key));
        Same(grains.GetGrain<IProjectGrain>(Sample.Project.ToString()), grains.GetProject(Sample.Project));
        Same(grains.GetGrain<IValidationGrain>(7), grains.GetValidation(7));
    }

    private static void Same(IAddressable expected, IAddressable actual)
    {
        Assert.Equal(expected.GetGrainId(), actual.GetGrainId());
        Assert.Equal(((GrainReference)expected).InterfaceType, ((GrainReference)actual).InterfaceType);
        Assert.Equal(((GrainReference)expected).InterfaceVersion, ((GrainReference)actual).InterfaceVersion);
        Assert.Equal(expected, actual);
    }
}
