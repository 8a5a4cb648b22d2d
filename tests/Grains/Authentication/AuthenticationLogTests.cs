using System.Net;
using KeysCluster.Hosting.AdminKeys;
using KeysCluster.Projects;

namespace KeysCluster.Grains.Tests.Authentication;

/// <summary>Failed authentications and 403s are logged once per client address and minute, without secrets.</summary>
public sealed class AuthenticationLogTests
{
    private const int Failed = 410;
    private const int Refused = 411;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static readonly string ApiKey = AuthenticationTestHost.ApiKey.Reveal();

    [Fact]
    public async Task Failures_of_an_address_are_logged_once_a_minute_and_the_next_message_counts_the_others()
    {
        await using var host = await AuthenticationTestHost.StartAsync();

        await FailAsync(host, "192.0.2.1", times: 6);
        await FailAsync(host, "192.0.2.2", times: 1);
        host.Clock.Advance(Minute - TestData.Millisecond);
        await FailAsync(host, "192.0.2.1", times: 1);
        Assert.Equal(
            [GetFailure("192.0.2.1", suppressed: 0), GetFailure("192.0.2.2", suppressed: 0)],
            host.GetMessages(Failed));

        host.Clock.Advance(TestData.Millisecond);
        await FailAsync(host, "192.0.2.1", times: 2);
        await FailAsync(host, "192.0.2.2", times: 1);
        Assert.Equal(
            [GetFailure("192.0.2.1", suppressed: 6), GetFailure("192.0.2.2", suppressed: 0)],
            host.GetMessages(Failed).Skip(2));
    }

    [Fact]
    public async Task A_missing_key_is_logged_only_where_one_is_required()
    {
        await using var host = await AuthenticationTestHost.StartAsync();

        await host.SendAsync(AuthenticationTestHost.AnonymousPath);
        Assert.Empty(host.GetMessages(Failed));

        await host.SendAsync(AuthenticationTestHost.AdminPath);
        Assert.Equal([GetFailure("192.0.2.1", suppressed: 0, "missing")], host.GetMessages(Failed));
    }

    [Fact]
    public async Task Addresses_of_a_slash_64_share_a_message_and_the_message_shows_the_address()
    {
        await using var host = await AuthenticationTestHost.StartAsync();

        await FailAsync(host, "2001:db8::1", times: 1);
        await FailAsync(host, "2001:db8::2", times: 1);
        await FailAsync(host, "2001:db8:0:1::1", times: 1);

        Assert.Equal(
            [GetFailure("2001:db8::1", suppressed: 0), GetFailure("2001:db8:0:1::1", suppressed: 0)],
            host.GetMessages(Failed));
    }

    [Fact]
    public async Task Clients_of_IPv4_on_a_socket_of_IPv6_do_not_share_a_message()
    {
        await using var host = await AuthenticationTestHost.StartAsync();

        await FailAsync(host, "::ffff:192.0.2.1", times: 1);
        await FailAsync(host, "::ffff:192.0.2.2", times: 1);

        Assert.Equal(
            [GetFailure("192.0.2.1", suppressed: 0), GetFailure("192.0.2.2", suppressed: 0)],
            host.GetMessages(Failed));
    }

    [Fact]
    public async Task A_client_that_is_refused_with_403_is_logged_once_a_minute_with_the_id_of_its_key()
    {
        await using var host = await AuthenticationTestHost.StartAsync();
        await FailAsync(host, "192.0.2.1", times: 1);

        for (var i = 0; i < 3; i++)
        {
            var (status, _) = await host.SendAsync(AuthenticationTestHost.AdminPath, ApiKey);
            Assert.Equal(HttpStatusCode.Forbidden, status);
        }

        host.Clock.Advance(Minute);
        await host.SendAsync(AuthenticationTestHost.ProjectPath, AuthenticationTestHost.AdminKey);
        Assert.Equal(
            [
                $"Request from 192.0.2.1 with the key {TestProjectAuthenticator.KeyId} refused with 403: "
                + "admin_key_required. 0 refusals from this address were suppressed since the last message.",
                "Request from 192.0.2.1 with the key default refused with 403: "
                + "project_key_required. 2 refusals from this address were suppressed since the last message.",
            ],
            host.GetMessages(Refused));
    }

    [Fact]
    public async Task A_successful_or_unavailable_authentication_is_not_logged_as_failed()
    {
        await using var host = await AuthenticationTestHost.StartAsync();

        await host.SendAsync(AuthenticationTestHost.ProjectPath, ApiKey);
        host.Projects.IsUnavailable = true;
        await host.SendAsync(AuthenticationTestHost.ProjectPath, ApiKey);

        Assert.Empty(host.GetMessages(Failed));
    }

    [Fact]
    public async Task No_message_contains_any_part_of_the_credentials()
    {
        var ops = AdminKeyGenerator.Create();
        var digest = AdminKeyDigest.Compute(ops).ToSetting();
        var unknown = ProjectApiKey.Mint(TestData.OtherProject).Reveal();
        await using var host = await AuthenticationTestHost.StartAsync(
            ("Keys:AdminKeys:ops", digest), ("Keys:AdminKeys:ops:NotAfter", "2026-11-22T10:15:30Z"));
        string[] keys = [ops, ops + "0", digest, unknown, ApiKey, "just-a-wrong-key"];

        foreach (var key in keys)
        {
            await host.SendAsync(AuthenticationTestHost.AdminPath, key);
            host.Clock.Advance(Minute);
            await host.SendAsync(AuthenticationTestHost.ProjectPath, key);
            host.Clock.Advance(Minute);
            await host.SendAsync(AuthenticationTestHost.AnonymousPath, key, scheme: "Basic");
        }

        host.Configuration.Replace(("Keys:AdminKeys:ops", ops), ("Keys:AdminKey", "short"));
        host.Configuration.Replace(("Keys:AdminKeys:renamed", digest));

        var log = host.GetLog();
        Assert.Contains("expired", log, StringComparison.Ordinal);
        Assert.Contains("renamed", log, StringComparison.Ordinal);
        foreach (var key in keys.Append(digest["sha256:".Length..]))
            Assert.DoesNotContain(key, log, StringComparison.OrdinalIgnoreCase);
        foreach (var key in (string[])[ops, unknown])
            Assert.DoesNotContain(key[..16], log, StringComparison.OrdinalIgnoreCase);
    }

    private static string GetFailure(string address, int suppressed, string outcome = "malformed") =>
        $"Authentication failed for {address}: {outcome}. "
        + $"{suppressed} failures from this address were suppressed since the last message.";

    private static async Task FailAsync(AuthenticationTestHost host, string address, int times)
    {
        for (var i = 0; i < times; i++)
        {
            var (status, _) = await host.SendAsync(AuthenticationTestHost.AdminPath, "wrong", address);
            Assert.Equal(HttpStatusCode.Unauthorized, status);
        }
    }
}
