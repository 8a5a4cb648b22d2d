using KeysCluster.Contract.Tests.Services;
using static KeysCluster.Contract.Tests.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Tests.VirtualKeys;

public abstract class RevokeVirtualKeyTests(TestService service)
{
    [Fact]
    public async Task Revoking_is_one_change_and_removes_the_retiring_secrets()
    {
        using var project = await service.CreateProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        await project.Client.RotateAsync(id);
        var response = await project.Client.RevokeAsync(id);
        response.EnsureStatus(HttpStatusCode.OK);
        var key = response.VirtualKey;
        AssertVirtualKeyShape(key);
        Assert.Equal("revoked", Text(key, "status"));
        Assert.Equal("3", Text(key, "revision"));
        Assert.Equal(Text(key, "updated_at"), Text(key, "revoked_at"));
        Assert.Empty(GetRetiringSecrets(key));
    }

    [Fact]
    public async Task Revoking_again_changes_nothing()
    {
        using var project = await service.CreateProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        var first = await project.Client.RevokeAsync(id);
        var second = await project.Client.RevokeAsync(id);
        second.EnsureStatus(HttpStatusCode.OK);
        Assert.Equal(first.Body, second.Body);
        Assert.Equal(first.Body, (await project.Client.GetAsync(id)).Body);
    }

    [Fact]
    public async Task Concurrent_revocations_make_one_change()
    {
        using var project = await service.CreateProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        var responses = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => project.Client.RevokeAsync(id)));
        Assert.Single(responses.Select(response => response.Body).Distinct());
        Assert.Equal("2", Text(responses[0].VirtualKey, "revision"));
    }
}
