using System.Globalization;
using KeysCluster.Contract.Errors;
using KeysCluster.Contract.Services;
using static KeysCluster.Contract.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Rotation;

/// <summary>No rotation cuts a client off.</summary>
public abstract class RotateVirtualKeyTests(TestService service)
{
    private const int MaxRetiring = 32;

    [Fact]
    public async Task A_replaced_secret_is_listed_as_retiring_for_24_hours_by_default()
    {
        using var project = await service.CreateProjectAsync();
        var (id, secret) = await project.Client.CreateAsync();
        var key = (await project.Client.RotateAsync(id)).Json.GetProperty("virtual_key");
        AssertVirtualKeyShape(key);
        var retiring = Assert.Single(key.GetProperty("retiring_secrets").EnumerateArray());
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
            ErrorAssert.IsError(await project.Client.RotateAsync(id), 422, "too_many_retiring_secrets");
        Assert.Equal(before, (await project.Client.GetAsync(id)).Body);

        Assert.Equal("active", await project.Client.VerifyAsync(secrets[^1]));
        foreach (var secret in secrets[..^1]) Assert.Equal("retiring", await project.Client.VerifyAsync(secret));
        var key = (await project.Client.GetAsync(id)).Json.GetProperty("virtual_key");
        Assert.Equal("33", Text(key, "revision"));
        Assert.Equal(
            secrets[..^1].AsEnumerable().Reverse().Select(secret => secret[..17]),
            key.GetProperty("retiring_secrets").EnumerateArray().Select(retiring => Text(retiring, "display_prefix")));
    }

    [Fact]
    public async Task Every_secret_from_50_concurrent_rotations_is_valid_until_the_key_is_revoked()
    {
        using var project = await service.CreateProjectAsync();
        var (id, first) = await project.Client.CreateAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => project.Client.RotateAsync(id)));

        var refused = answers.Where(answer => answer.Status != HttpStatusCode.OK).ToArray();
        Assert.All(refused, answer => ErrorAssert.IsError(answer, 422, "too_many_retiring_secrets"));
        Assert.Equal(50 - MaxRetiring, refused.Length);
        string[] secrets = [first, .. answers.Except(refused).Select(answer => answer.Secret)];
        Assert.Equal(secrets.Length, secrets.Distinct().Count());

        var codes = await Task.WhenAll(secrets.Select(project.Client.VerifyAsync));
        Assert.Single(codes, "active");
        Assert.Equal(MaxRetiring, codes.Count(code => code == "retiring"));
        Assert.Equal(
            Enumerable.Range(2, MaxRetiring).Select(number => number.ToString(CultureInfo.InvariantCulture)).Order(),
            answers.Except(refused).Select(answer => Text(answer.Json.GetProperty("virtual_key"), "revision")).Order());

        (await project.Client.RevokeAsync(id)).EnsureStatus(HttpStatusCode.OK);
        Assert.All(await Task.WhenAll(secrets.Select(project.Client.VerifyAsync)), code => Assert.Equal("revoked", code));
    }

    [Fact]
    public async Task A_rotation_racing_a_revoke_leaves_no_valid_secret()
    {
        using var project = await service.CreateProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        var rotations = Enumerable.Range(0, 10).Select(_ => project.Client.RotateAsync(id)).ToArray();
        (await project.Client.RevokeAsync(id)).EnsureStatus(HttpStatusCode.OK);
        foreach (var answer in await Task.WhenAll(rotations))
        {
            if (answer.Status == HttpStatusCode.OK) Assert.Equal("revoked", await project.Client.VerifyAsync(answer.Secret));
            else ErrorAssert.IsError(answer, 400, "virtual_key_revoked");
        }
    }
}

[Collection(SqliteService.CollectionName)]
public sealed class RotateVirtualKeyOnSqliteTests(SqliteService service) : RotateVirtualKeyTests(service);

[Collection(PostgresService.CollectionName)]
public sealed class RotateVirtualKeyOnPostgresTests(PostgresService service) : RotateVirtualKeyTests(service);
