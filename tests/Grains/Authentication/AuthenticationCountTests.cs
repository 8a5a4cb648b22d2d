using System.Net;
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
        using var counts = host.Collect(Authentications);

        await AssertStatusAsync(HttpStatusCode.OK, host, AuthenticationTestHost.ProjectPath, ApiKey);
        await AssertStatusAsync(
            HttpStatusCode.OK, host, AuthenticationTestHost.AdminPath, AuthenticationTestHost.AdminKey);
        await AssertStatusAsync(HttpStatusCode.Unauthorized, host, AuthenticationTestHost.AdminPath, key: null);
        await AssertStatusAsync(HttpStatusCode.Unauthorized, host, AuthenticationTestHost.AdminPath, "wrong");
        await AssertStatusAsync(HttpStatusCode.Unauthorized, host, AuthenticationTestHost.AdminPath, UnknownApiKey);
        host.Projects.IsUnavailable = true;
        await AssertStatusAsync(HttpStatusCode.ServiceUnavailable, host, AuthenticationTestHost.ProjectPath, ApiKey);

        AssertTags(counts, "outcome", "succeeded", "succeeded", "missing", "malformed", "invalid", "unavailable");
    }

    [Theory]
    [InlineData("Basic", "!!!")]
    [InlineData("Digest", "x=y")]
    [InlineData("Bearer", " ")]
    public async Task Unreadable_credentials_are_malformed_and_not_missing(string scheme, string credentials)
    {
        await using var host = await AuthenticationTestHost.StartAsync();
        using var counts = host.Collect(Authentications);

        var (status, _) = await host.SendAsync(AuthenticationTestHost.AdminPath, credentials, scheme: scheme);

        Assert.Equal(HttpStatusCode.Unauthorized, status);
        AssertTags(counts, "outcome", "malformed");
    }

    [Fact]
    public async Task An_expired_admin_key_has_an_outcome_of_its_own()
    {
        var key = AdminKeyGenerator.Create();
        await using var host = await AuthenticationTestHost.StartAsync(
            ("Keys:AdminKeys:ops", AdminKeyDigest.Compute(key).ToSetting()),
            ("Keys:AdminKeys:ops:NotAfter", "2026-01-01T00:00:00Z"));
        using var counts = host.Collect(Authentications);

        await AssertStatusAsync(HttpStatusCode.Unauthorized, host, AuthenticationTestHost.AdminPath, key);

        AssertTags(counts, "outcome", "expired");
    }

    [Fact]
    public async Task A_request_to_an_anonymous_endpoint_is_not_counted()
    {
        await using var host = await AuthenticationTestHost.StartAsync();
        using var counts = host.Collect(Authentications);

        // The endpoint reads no key, so keys cannot be tried there.
        await AssertStatusAsync(HttpStatusCode.OK, host, AuthenticationTestHost.AnonymousPath, key: null);
        await AssertStatusAsync(HttpStatusCode.OK, host, AuthenticationTestHost.AnonymousPath, "wrong");
        Assert.Empty(counts.GetMeasurementSnapshot());
    }

    [Fact]
    public async Task A_403_is_counted_under_its_reason_and_its_authentication_succeeded()
    {
        await using var host = await AuthenticationTestHost.StartAsync();
        using var authentications = host.Collect(Authentications);
        using var refusals = host.Collect(Refusals);

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
        AssertTags(authentications, "outcome", "succeeded", "succeeded", "succeeded", "succeeded", "malformed");
    }

    private static async Task AssertStatusAsync(
        HttpStatusCode expected, AuthenticationTestHost host, string path, string? key) =>
        Assert.Equal(expected, (await host.SendAsync(path, key)).Status);

    private static void AssertTags(MetricCollector<long> counts, string tag, params string[] expected)
    {
        var measurements = counts.GetMeasurementSnapshot();
        Assert.Equal(expected, measurements.Select(measurement => measurement.Tags[tag]));
        Assert.All(measurements, measurement => Assert.Equal(1, measurement.Value));
        Assert.All(measurements, measurement => Assert.Single(measurement.Tags));
    }
}
