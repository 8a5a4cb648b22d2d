using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using KeysCluster.Api;
using KeysCluster.Grains.Tests.Authentication;
using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Hosting;
using KeysCluster.Validation;
using KeysCluster.VirtualKeys;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Tests.Verification;

/// <summary>Which verdicts of <c>verify</c> count as failures of the API key that asks for them.</summary>
public sealed class InvalidVerificationLimitTests : IAsyncDisposable
{
    /// <summary>The burst of a limit of one per second.</summary>
    private const int Burst = 2;

    private readonly TestValidator _validator = new();
    private readonly WebApplication _app;

    public InvalidVerificationLimitTests()
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(
            CallProxy.Create<IGrainFactory>((_, _) => throw new NotSupportedException()));
        builder.Services.AddSingleton<IVirtualKeyValidator>(_validator);
        builder.Services.AddSingleton<IProjectAuthenticator>(
            new TestProjectAuthenticator(AuthenticationTestHost.ApiKey));
        builder.Configuration["Keys:AdminKey"] = AuthenticationTestHost.AdminKey;
        builder.Configuration["Api:InvalidVerificationsPerSecond"] = "1";
        builder.AddDrain(TimeSpan.Zero);
        builder.AddKeysApi();
        _app = builder.Build();
        _app.MapKeysApi();
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Verdicts_that_storage_could_not_give_do_not_count()
    {
        await _app.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
        http.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Bearer", AuthenticationTestHost.ApiKey.Reveal());

        _validator.Verdict = Verdict.Unavailable;
        for (var i = 0; i <= 2 * Burst; i++) Assert.Equal(HttpStatusCode.ServiceUnavailable, await VerifyAsync());

        _validator.Verdict = new Verdict { Code = VerdictCode.NotFound };
        for (var i = 0; i < Burst; i++) Assert.Equal(HttpStatusCode.OK, await VerifyAsync());

        // The limit is one per second of real time, so requests one after the other may be too slow for it.
        var statuses = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => VerifyAsync()));
        Assert.Contains(HttpStatusCode.TooManyRequests, statuses);

        async Task<HttpStatusCode> VerifyAsync()
        {
            using var response = await http.PostAsJsonAsync(
                "/api/gateway/v1/virtual-keys/verify", new { secret = TestData.MintSecret().Reveal() });
            return response.StatusCode;
        }
    }

    private sealed class TestValidator : IVirtualKeyValidator
    {
        public Verdict Verdict { get; set; } = Verdict.Unavailable;

        public ValueTask<Verdict> ValidateAsync(
            string? presented, ProjectId? project, IReadOnlyList<string>? permissions, IPAddress? address) =>
            new(Verdict);
    }
}
