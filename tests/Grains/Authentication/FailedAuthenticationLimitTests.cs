using System.Diagnostics;
using System.Net;
using KeysCluster.Projects;

namespace KeysCluster.Grains.Tests.Authentication;

public sealed class FailedAuthenticationLimitTests
{
    private const int Limit = 5;
    private const string Address = "2001:db8::1";
    private const string SameNetwork = "2001:db8::2";
    private const string OtherNetwork = "2001:db8:0:1::1";

    private static readonly (string, string)[] Settings =
        [AuthenticationTestHost.DefaultKey, ("Api:FailedAuthenticationsPerMinute", $"{Limit}")];

    private static readonly string ApiKey = AuthenticationTestHost.ApiKey.Reveal();

    [Fact]
    public async Task An_address_with_too_many_failures_gets_a_429_without_a_lookup()
    {
        await using var host = await AuthenticationTestHost.StartAsync(Settings);
        await FailAsync(host);
        var lookups = host.Projects.LookupCount;

        var (status, body) = await SendAsync(host, ApiKey, SameNetwork);

        Assert.Equal(HttpStatusCode.TooManyRequests, status);
        Assert.Contains("too_many_failures", body, StringComparison.Ordinal);
        Assert.Equal(lookups, host.Projects.LookupCount);
    }

    [Fact]
    public async Task Attempts_at_the_same_time_get_no_more_lookups_than_the_limit()
    {
        await using var host = await AuthenticationTestHost.StartAsync(Settings);
        var blocked = new TaskCompletionSource();
        host.Projects.Block = blocked.Task;

        var attempts = Enumerable.Range(0, 4 * Limit)
            .Select(_ => SendAsync(host, CreateUnknownKey(), Address))
            .ToList();
        for (var answered = 0; answered < 3 * Limit; answered++)
        {
            var first = await Task.WhenAny(attempts).WaitAsync(Wait.Timeout);
            Assert.Equal(HttpStatusCode.TooManyRequests, (await first).Status);
            attempts.Remove(first);
        }

        Assert.Equal(Limit, host.Projects.LookupCount);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await SendAsync(host, ApiKey, SameNetwork)).Status);
        blocked.SetResult();
        foreach (var attempt in attempts) Assert.Equal(HttpStatusCode.Unauthorized, (await attempt).Status);
    }

    [Fact]
    public async Task A_lookup_that_succeeds_uses_up_nothing()
    {
        await using var host = await AuthenticationTestHost.StartAsync(Settings);

        for (var i = 0; i < 4 * Limit; i++)
            Assert.Equal(HttpStatusCode.OK, (await SendAsync(host, ApiKey, Address)).Status);
    }

    /// <summary>The limiter adds fractions of a permit ten times a second, and a whole one every 12 seconds.</summary>
    [Fact]
    public async Task A_fraction_of_a_permit_admits_nothing()
    {
        await using var host = await AuthenticationTestHost.StartAsync(Settings);
        await FailAsync(host);

        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(1))
            Assert.Equal(HttpStatusCode.TooManyRequests, (await SendAsync(host, CreateUnknownKey(), Address)).Status);
    }

    [Fact]
    public async Task Other_networks_cached_keys_and_admin_keys_are_not_affected()
    {
        await using var host = await AuthenticationTestHost.StartAsync(Settings);
        await FailAsync(host);

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(host, ApiKey, OtherNetwork)).Status);
        Assert.Equal(
            HttpStatusCode.OK,
            (await host.SendAsync(AuthenticationTestHost.AdminPath, AuthenticationTestHost.AdminKey, Address)).Status);
        host.Projects.IsCached = true;
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(host, ApiKey, Address)).Status);
    }

    [Fact]
    public async Task An_endpoint_that_needs_no_key_reads_none()
    {
        await using var host = await AuthenticationTestHost.StartAsync(Settings);

        for (var i = 0; i <= 2 * Limit; i++)
        {
            var (status, _) = await host.SendAsync(AuthenticationTestHost.AnonymousPath, CreateUnknownKey(), Address);
            Assert.Equal(HttpStatusCode.OK, status);
        }

        Assert.Equal(0, host.Projects.LookupCount);
    }

    private static string CreateUnknownKey() => ProjectApiKey.Mint(TestData.OtherProject).Reveal();

    private static Task<(HttpStatusCode Status, string Body)> SendAsync(
        AuthenticationTestHost host, string key, string address) =>
        host.SendAsync(AuthenticationTestHost.ProjectPath, key, address);

    /// <summary>Fails until the limit is reached, which takes at least as many failures.</summary>
    private static async Task FailAsync(AuthenticationTestHost host)
    {
        var failures = 0;
        while ((await SendAsync(host, CreateUnknownKey(), Address)).Status == HttpStatusCode.Unauthorized) failures++;
        Assert.InRange(failures, Limit, 2 * Limit);
    }
}
