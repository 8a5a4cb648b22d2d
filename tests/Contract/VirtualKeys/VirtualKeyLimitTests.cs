using KeysCluster.Contract.Tests.Errors;
using KeysCluster.Contract.Tests.Idempotency;
using KeysCluster.Contract.Tests.Services;
using static KeysCluster.Contract.Tests.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Tests.VirtualKeys;

/// <summary>A project has a limit of virtual keys that are not revoked.</summary>
public abstract class VirtualKeyLimitTests(TestService service)
{
    private const string TooMany = "too_many_virtual_keys";

    [Fact]
    public async Task A_create_beyond_the_limit_is_422_and_creates_nothing()
    {
        using var project = await service.CreateProjectAsync();
        using var otherProject = await service.CreateProjectAsync();
        await CreateAtLimitAsync(project, 2);
        ErrorAssert.IsError(await project.Client.SendCreateAsync(), 422, TooMany);
        Assert.Equal(2, (await project.ListKeysAsync()).Length);
        await otherProject.Client.CreateManyAsync(3);
    }

    [Fact]
    public async Task Exactly_10_of_30_concurrent_creates_succeed_at_a_limit_of_10()
    {
        using var project = await service.CreateProjectAsync();
        var (first, _) = await project.Client.CreateAsync();
        await service.SetMaxVirtualKeysAsync(project, 10);
        (await project.Client.RevokeAsync(first)).EnsureStatus(HttpStatusCode.OK);

        var responses = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => project.Client.SendCreateAsync()));

        var refused = responses.Where(response => response.Status != HttpStatusCode.Created).ToArray();
        Assert.Equal(20, refused.Length);
        Assert.All(refused, response => ErrorAssert.IsError(response, 422, TooMany));
        Assert.Equal(10, (await project.ListKeysAsync("?status=active")).Length);
        foreach (var created in responses.Except(refused))
            Assert.Equal("active", await project.Client.VerifyAsync(created.Secret));
    }

    [Fact]
    public async Task Only_revoking_a_key_frees_its_place()
    {
        using var project = await service.CreateProjectAsync();
        var ids = await CreateAtLimitAsync(project, 2);
        (await project.Client.DisableAsync(ids[0])).EnsureStatus(HttpStatusCode.OK);
        ErrorAssert.IsError(await project.Client.SendCreateAsync(), 422, TooMany);

        // Revoking again frees no second place.
        for (var i = 0; i < 2; i++) (await project.Client.RevokeAsync(ids[0])).EnsureStatus(HttpStatusCode.OK);
        await project.Client.CreateAsync();
        ErrorAssert.IsError(await project.Client.SendCreateAsync(), 422, TooMany);
    }

    [Fact]
    public async Task As_many_concurrent_creates_succeed_as_keys_were_revoked()
    {
        using var project = await service.CreateProjectAsync();
        var ids = await CreateAtLimitAsync(project, 8);
        var revoked = await Task.WhenAll(ids.Take(5).Select(project.Client.RevokeAsync));
        Assert.All(revoked, response => response.EnsureStatus(HttpStatusCode.OK));
        var responses = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => project.Client.SendCreateAsync()));
        Assert.Equal(5, responses.Count(response => response.Status == HttpStatusCode.Created));
    }

    [Fact]
    public async Task Keys_of_a_project_at_its_limit_can_be_used_and_changed()
    {
        using var project = await service.CreateProjectAsync();
        var (id, secret) = await project.Client.CreateAsync();
        await project.Client.CreateAsync();
        await service.SetMaxVirtualKeysAsync(project, 1);

        Assert.Equal("active", await project.Client.VerifyAsync(secret));
        await project.UpdateAsync(id, """{"name":"m","external_id":"e"}""");
        (await project.Client.RotateAsync(id)).EnsureStatus(HttpStatusCode.OK);
        (await project.Client.DisableAsync(id)).EnsureStatus(HttpStatusCode.OK);
        (await project.Client.EnableAsync(id)).EnsureStatus(HttpStatusCode.OK);
        (await project.Client.RevokeAsync(id)).EnsureStatus(HttpStatusCode.OK);
        ErrorAssert.IsError(await project.Client.SendCreateAsync(), 422, TooMany);
    }

    [Fact]
    public async Task A_refused_create_consumes_no_idempotency_key_and_a_replay_needs_no_place()
    {
        using var project = await service.CreateProjectAsync();
        var key = Guid.NewGuid().ToString();
        var ids = await CreateAtLimitAsync(project, 1);
        ErrorAssert.IsError(await SendAsync(), 422, TooMany);
        (await project.Client.RevokeAsync(ids[0])).EnsureStatus(HttpStatusCode.OK);
        var created = await SendAsync();
        ReplayAssert.IsNotReplay(created);
        ReplayAssert.IsReplay(created, await SendAsync());

        Task<ApiResponse> SendAsync() =>
            project.Client.PostIdempotentAsync(key, Routes.VirtualKeys, """{"name":"n"}""");
    }

    [Fact]
    public async Task A_taken_external_id_takes_no_place()
    {
        using var project = await service.CreateProjectAsync();
        var (id, _, _) = await project.CreateAsync("\"external_id\":\"e\"");
        await service.SetMaxVirtualKeysAsync(project, 3);
        for (var i = 0; i < 5; i++)
            ErrorAssert.IsError(await project.SendCreateAsync("\"external_id\":\"e\""), 409, "external_id_taken");
        await project.Client.CreateManyAsync(2);
        ErrorAssert.IsError(await project.Client.SendCreateAsync(), 422, TooMany);
        Assert.Equal("e", Text(await project.GetKeyAsync(id), "external_id"));
    }

    /// <summary>Creates keys and makes their number the limit of the project.</summary>
    private async Task<string[]> CreateAtLimitAsync(TestProject project, int count)
    {
        var keys = await project.Client.CreateManyAsync(count);
        await service.SetMaxVirtualKeysAsync(project, count);
        return [.. keys.Select(key => key.Id)];
    }
}
