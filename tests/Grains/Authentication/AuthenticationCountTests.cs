using System.Net;
using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Hosting.AdminKeys;
using KeysCluster.Projects;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace KeysCluster.Grains.Tests.Authentication;

/// <summary>Each request is counted once, under its outcome; each 403 under its reason.</summary>
public sealed class AuthenticationCountTests
{
    private const string Authentications = "keys.authentications";
    private const string Refusals = "keys.authorizations.refused";

    private static readonly string ApiKey = AuthenticationTestHost.ApiKey.Reveal();
    private static readonly string UnknownApiKey = ProjectApiKey.Mint(TestData.OtherProject).Reveal();

    [Fact]
    public async Task An_authentication_is_counted_once_under_its_outcome()
    {
        await using var host = await AuthenticationTestHost.StartAsync();

        await AssertStatusAsync(HttpStatusCode.OK, host, AuthenticationTestHost.ProjectPath, ApiKey);
        await AssertStatusAsync(
            HttpStatusCode.OK, host, AuthenticationTestHost.AdminPath, AuthenticationTestHost.AdminKey);
        await AssertStatusAsync(HttpStatusCode.Unauthorized, host, AuthenticationTestHost.AdminPath, key: null);
        await AssertStatusAsync(HttpStatusCode.Unauthorized, host, AuthenticationTestHost.AdminPath, "wrong");
        await AssertStatusAsync(HttpStatusCode.Unauthorized, host, AuthenticationTestHost.AdminPath, UnknownApiKey);
        host.Projects.IsUnavailable = true;
        await AssertStatusAsync(HttpStatusCode.ServiceUnavailable, host, AuthenticationTestHost.ProjectPath, ApiKey);

        AssertCounts(
            host, ("invalid", 1), ("malformed", 1), ("missing", 1), ("succeeded", 2), ("unavailable", 1));
    }

    [Theory]
    [InlineData("Basic", "!!!")]
    [InlineData("Digest", "x=y")]
    [InlineData("Bearer", " ")]
    public async Task Unreadable_credentials_are_malformed_and_not_missing(string scheme, string credentials)
    {
        await using var host = await AuthenticationTestHost.StartAsync();

        var (status, _) = await host.SendAsync(AuthenticationTestHost.AdminPath, credentials, scheme: scheme);

        Assert.Equal(HttpStatusCode.Unauthorized, status);
        AssertCounts(host, ("malformed", 1));
    }

    [Fact]
    public async Task An_expired_admin_key_has_an_outcome_of_its_own()
    {
        var key = AdminKeyGenerator.Create();
        await using var host = await AuthenticationTestHost.StartAsync(
            ("Keys:AdminKeys:ops", AdminKeyDigest.Compute(key).ToSetting()),
            ("Keys:AdminKeys:ops:NotAfter", "2026-01-01T00:00:00Z"));

        await AssertStatusAsync(HttpStatusCode.Unauthorized, host, AuthenticationTestHost.AdminPath, key);

        AssertCounts(host, ("expired", 1));
    }

    [Fact]
    public async Task A_request_to_an_anonymous_endpoint_is_not_counted()
    {
        await using var host = await AuthenticationTestHost.StartAsync();

        // The endpoint reads no key, so keys cannot be tried there.
        await AssertStatusAsync(HttpStatusCode.OK, host, AuthenticationTestHost.AnonymousPath, key: null);
        await AssertStatusAsync(HttpStatusCode.OK, host, AuthenticationTestHost.AnonymousPath, "wrong");
        AssertCounts(host);
    }

    [Fact]
    public async Task A_403_is_counted_under_its_reason_and_its_authentication_succeeded()
    {
        await using var host = await AuthenticationTestHost.StartAsync();
        using var refusals = host.Collect(Refusals);
        using var missing = host.Collect("keys.permissions.missing");

        await AssertStatusAsync(HttpStatusCode.Forbidden, host, AuthenticationTestHost.AdminPath, ApiKey);
        await AssertStatusAsync(
            HttpStatusCode.Forbidden, host, AuthenticationTestHost.ProjectPath, AuthenticationTestHost.AdminKey);
        await AssertStatusAsync(HttpStatusCode.Forbidden, host, AuthenticationTestHost.MissingPermissionPath, ApiKey);
        await AssertStatusAsync(HttpStatusCode.Forbidden, host, AuthenticationTestHost.ExceedingExpiryPath, ApiKey);
        await AssertStatusAsync(HttpStatusCode.Unauthorized, host, AuthenticationTestHost.AdminPath, "wrong");

        AssertTags(
            refusals,
            "reason",
            "admin_key_required",
            "project_key_required",
            "permission_missing",
            "expiry_exceeds_key");
        AssertTags(missing, "permission", ApiKeyPermissions.CreateVirtualKeys);
        AssertCounts(host, ("malformed", 1), ("succeeded", 4));
    }

    private static async Task AssertStatusAsync(
        HttpStatusCode expected, AuthenticationTestHost host, string path, string? key) =>
        Assert.Equal(expected, (await host.SendAsync(path, key)).Status);

    private static void AssertCounts(AuthenticationTestHost host, params (string Outcome, long Count)[] expected) =>
        Assert.Equal(
            expected, MetricReader.Read(host.Meters, Authentications).Select(count => (count.Key, count.Value)));

    private static void AssertTags(MetricCollector<long> counts, string tag, params string[] expected)
    {
        var measurements = counts.GetMeasurementSnapshot();
        Assert.Equal(expected, measurements.Select(measurement => measurement.Tags[tag]));
        Assert.All(measurements, measurement => Assert.Equal(1, measurement.Value));
        Assert.All(measurements, measurement => Assert.Single(measurement.Tags));
    }
}
