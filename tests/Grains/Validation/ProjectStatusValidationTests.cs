using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Validation;

/// <summary>Virtual keys of a project that is disabled, enabled, archived or changed otherwise, in a silo.</summary>
public sealed class ProjectStatusValidationTests(KeysTestCluster cluster) : IClassFixture<KeysTestCluster>
{
    private static Caller Caller => TestData.Caller;

    [Fact]
    public async Task A_cached_key_is_refused_when_the_disabling_of_its_project_returns()
    {
        var (project, grain, secret) = await CreateAsync();
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(VerdictCode.Active, await ValidateAsync(secret));
            Assert.Equal(ChangeOutcome.Done, (await project.Disable(Caller, "unpaid")).Outcome);
            Assert.Equal(VerdictCode.ProjectDisabled, await ValidateAsync(secret));
            Assert.Equal(VerdictCode.ProjectDisabled, await ValidateAsync(grain, secret));

            Assert.Equal(ChangeOutcome.Done, (await project.Enable(Caller)).Outcome);
            Assert.Equal(VerdictCode.Active, await ValidateAsync(secret));
            Assert.Equal(VerdictCode.Active, await ValidateAsync(grain, secret));
        }
    }

    [Fact]
    public async Task Keys_of_an_archived_and_of_an_erased_project_are_refused()
    {
        var (project, grain, secret) = await CreateAsync();
        Assert.Equal(VerdictCode.Active, await ValidateAsync(secret));
        Assert.Equal(ChangeOutcome.ProjectNotArchived, (await project.Erase(Caller)).Outcome);
        Assert.Equal(ChangeOutcome.Done, (await project.Archive(Caller)).Outcome);
        Assert.Equal(VerdictCode.ProjectDisabled, await ValidateAsync(secret));
        Assert.Equal(ChangeOutcome.NotFound, (await project.Enable(Caller)).Outcome);

        Assert.Equal(ChangeOutcome.Done, (await project.Erase(Caller)).Outcome);
        const int writes = 4;
        await cluster.Storage.Writes(project.GetGrainId()).WaitForCompletedAsync(writes);
        Assert.NotNull((await project.Get())!.ErasedAt);
        Assert.Equal("", (await project.Get())!.Name);
        Assert.Equal(VerdictCode.ProjectDisabled, await ValidateAsync(secret));
        Assert.Equal(VerdictCode.ProjectDisabled, await ValidateAsync(grain, secret));
    }

    [Fact]
    public async Task A_cached_key_validates_without_an_allocation_also_after_another_change_of_its_project()
    {
        var (project, _, secret) = await CreateAsync();
        var text = secret.Reveal();
        var validator = cluster.Validator;
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(VerdictCode.Active, await ValidateAsync(secret));
            AllocationAssert.None(() => validator.ValidateAsync(text));
            await project.Update(new UpdateProjectCommand { Caller = Caller, Name = $"name {i}" });
        }
    }

    [Fact]
    public async Task A_key_of_a_project_that_does_not_exist_is_valid_from_the_cache()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        Assert.Equal(VerdictCode.Active, await ValidateAsync(key.First));
        var reads = cluster.Storage.Reads(cluster.Grains.GetProjectGrain(TestData.Project).GetGrainId()).Count;
        Assert.Equal(VerdictCode.Active, await ValidateAsync(key.First));
        Assert.Equal(reads, cluster.Storage.Reads(cluster.Grains.GetProjectGrain(TestData.Project).GetGrainId()).Count);
    }

    private async Task<(IProjectGrain Project, IVirtualKeyGrain Grain, Secret Secret)> CreateAsync()
    {
        var project = await GrainTestProject.CreateAsync(cluster);
        var id = VirtualKeyId.New(cluster.Now);
        var secret = VirtualKeySecret.Mint(id, VirtualKeyEnvironment.Live);
        var grain = cluster.Grains.GetVirtualKeyGrain(id);
        await grain.Create(TestData.NewCreateCommand(secret, cluster.Now) with
        {
            Caller = TestData.Caller with { Project = project.Id },
        });
        return (project.Grain, grain, secret);
    }

    private async Task<VerdictCode> ValidateAsync(Secret secret) =>
        (await cluster.Validator.ValidateAsync(secret.Reveal())).Code;

    private static async Task<VerdictCode> ValidateAsync(IVirtualKeyGrain grain, Secret secret) =>
        (await grain.Validate(secret.ComputeDigest(), project: null)).Code;
}
