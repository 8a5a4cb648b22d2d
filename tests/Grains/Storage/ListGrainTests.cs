using System.Text.Json.Nodes;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Projects;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Storage;

[Collection(ClusterTests.Name)]
public sealed class ListGrainTests(KeysTestCluster cluster)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Pages_contain_every_key_of_a_project_once_newest_first(int limit)
    {
        var project = ProjectId.New(cluster.Now);
        var ids = await CreateKeysAsync(project, 5);
        var list = cluster.Grains.GetGrain<IVirtualKeyListGrain>(project.ToString());

        List<VirtualKeyId> seen = [];
        VirtualKeyPosition? next = null;
        var pages = 0;
        do
        {
            var page = await list.List(next, limit);
            Assert.InRange(page.Keys.Count, 1, limit);
            seen.AddRange(page.Keys.Select(key => key.Id));
            next = page.Next;
            pages++;
        }
        while (next is not null);

        Assert.Equal(ids, seen);
        Assert.Equal((5 + limit - 1) / limit, pages);
    }

    /// <summary>Such as after a change of the row by hand.</summary>
    [Theory]
    [InlineData("name", "5")]
    [InlineData("allowed_ips", """["not an address"]""")]
    public async Task A_key_that_cannot_be_read_is_left_out_of_the_list(string member, string value)
    {
        var project = ProjectId.New(cluster.Now);
        var ids = await CreateKeysAsync(project, 3);
        var damaged = cluster.Grains.GetVirtualKeyGrain(ids[1]).GetGrainId();
        cluster.Storage.OverwriteJson(
            StorageNames.VirtualKey, damaged, state => state[member] = JsonNode.Parse(value));

        var page = await cluster.Grains.GetGrain<IVirtualKeyListGrain>(project.ToString()).List(after: null, 10);

        Assert.Equal([ids[0], ids[2]], page.Keys.Select(key => key.Id));
    }

    [Fact]
    public async Task The_list_of_a_project_without_keys_is_one_empty_page()
    {
        var list = cluster.Grains.GetGrain<IVirtualKeyListGrain>(ProjectId.New(cluster.Now).ToString());

        var page = await list.List(after: null, 10);

        Assert.Empty(page.Keys);
        Assert.Null(page.Next);
    }

    [Fact]
    public async Task Projects_are_paged_newest_first_with_a_total_count()
    {
        List<ProjectId> ids = [];
        for (var i = 0; i < 3; i++)
        {
            cluster.Clock.Advance(TestData.Millisecond);
            ids.Insert(0, (await GrainTestProject.CreateAsync(cluster)).Id);
        }

        var list = cluster.Grains.GetGrain<IProjectListGrain>(0);
        var first = await list.List(page: 1, limit: 2);
        var second = await list.List(page: 2, limit: 2);

        Assert.Equal(ids[..2], first.Projects.Select(project => project.Id));
        Assert.Equal(ids[2], second.Projects[0].Id);
        Assert.Equal(first.Total, second.Total);
        Assert.True(first.Total >= 3);
    }

    /// <summary>Creates keys of a project and returns their ids, newest first.</summary>
    private async Task<List<VirtualKeyId>> CreateKeysAsync(ProjectId project, int count)
    {
        List<VirtualKeyId> ids = [];
        for (var i = 0; i < count; i++)
        {
            cluster.Clock.Advance(TestData.Millisecond);
            var key = GrainTestKey.Unknown(cluster);
            var command = key.NewCreateCommand(key.First) with { Caller = new Caller(project, "an actor") };
            Assert.Equal(ChangeOutcome.Done, (await key.Grain.Create(command)).Outcome);
            ids.Insert(0, key.Id);
        }

        return ids;
    }
}
