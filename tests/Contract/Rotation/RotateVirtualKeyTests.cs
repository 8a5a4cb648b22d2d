using System.Globalization;
using KeysCluster.Contract.Tests.Errors;
using KeysCluster.Contract.Tests.Services;
using static KeysCluster.Contract.Tests.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Tests.Rotation;

/// <summary>A rotation never invalidates a secret that is still in use.</summary>
public abstract class RotateVirtualKeyTests(TestService service)
{
    private const int MaxRetiring = 32;

    [Fact]
    public async Task A_replaced_secret_is_listed_as_retiring_for_24_hours_by_default()
    {
        using var project = await service.CreateProjectAsync();
        var (id, secret) = await project.Client.CreateAsync();
        var key = (await project.Client.RotateAsync(id)).VirtualKey;
        AssertVirtualKeyShape(key);
        var retiring = Assert.Single(GetRetiringSecrets(key));
        Assert.StartsWith(Text(retiring, "display_prefix"), secret, StringComparison.Ordinal);
        Assert.Equal(Timestamp(key, "updated_at")!.Value.AddHours(24), Timestamp(retiring, "valid_until"));
    }

    [Fact]
    public async Task A_rotation_beyond_32_retiring_secrets_is_422_and_changes_nothing()
    {
        using var project = await service.CreateProjectAsync();
        var (id, first) = await project.Client.CreateAsync();
        var secrets = new List<string> { first };
        for (var i = 0; i < MaxRetiring; i++) secrets.Add((await project.Client.RotateAsync(id)).Secret);

        var before = (await project.Client.GetAsync(id)).Body;
        for (var i = 0; i < 2; i++)
        {
            var refused = await project.Client.RotateAsync(id);
            ErrorAssert.IsError(refused, 422, "too_many_retiring_secrets");
            Assert.Empty((await RotateContract.LoadAsync()).GetViolations(422, refused.Body));
        }

        Assert.Equal(before, (await project.Client.GetAsync(id)).Body);
        Assert.Equal("active", await project.Client.VerifyAsync(secrets[^1]));
        var replaced = secrets[..^1];
        foreach (var secret in replaced) Assert.Equal("retiring", await project.Client.VerifyAsync(secret));
        var key = await project.GetKeyAsync(id);
        Assert.Equal("33", Text(key, "revision"));
        Assert.Equal(
            replaced.AsEnumerable().Reverse().Select(secret => secret[..DisplayPrefixLength]),
            GetRetiringSecrets(key).Select(retiring => Text(retiring, "display_prefix")));
    }

    [Fact]
    public async Task Every_secret_from_50_concurrent_rotations_is_valid_until_the_key_is_revoked()
    {
        using var project = await service.CreateProjectAsync();
        var (id, first) = await project.Client.CreateAsync();
        var responses = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => project.Client.RotateAsync(id)));

        var refused = responses.Where(response => response.Status != HttpStatusCode.OK).ToArray();
        Assert.All(refused, response => ErrorAssert.IsError(response, 422, "too_many_retiring_secrets"));
        Assert.Equal(50 - MaxRetiring, refused.Length);
        var rotated = responses.Except(refused).ToArray();
        string[] secrets = [first, .. rotated.Select(response => response.Secret)];
        Assert.Equal(secrets.Length, secrets.Distinct().Count());

        var codes = await Task.WhenAll(secrets.Select(project.Client.VerifyAsync));
        Assert.Single(codes, "active");
        Assert.Equal(MaxRetiring, codes.Count(code => code == "retiring"));
        Assert.Equal(
            Enumerable.Range(2, MaxRetiring).Select(number => number.ToString(CultureInfo.InvariantCulture)).Order(),
            rotated.Select(response => Text(response.VirtualKey, "revision")).Order());

        (await project.Client.RevokeAsync(id)).EnsureStatus(HttpStatusCode.OK);
        codes = await Task.WhenAll(secrets.Select(project.Client.VerifyAsync));
        Assert.All(codes, code => Assert.Equal("revoked", code));
    }

    [Fact]
    public async Task A_rotation_racing_a_revoke_leaves_no_valid_secret()
    {
        using var project = await service.CreateProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        var rotations = Enumerable.Range(0, 10).Select(_ => project.Client.RotateAsync(id)).ToArray();
        (await project.Client.RevokeAsync(id)).EnsureStatus(HttpStatusCode.OK);
        foreach (var response in await Task.WhenAll(rotations))
        {
            if (response.Status == HttpStatusCode.OK)
                Assert.Equal("revoked", await project.Client.VerifyAsync(response.Secret));
            else
                ErrorAssert.IsError(response, 400, "virtual_key_revoked");
        }
    }
}
