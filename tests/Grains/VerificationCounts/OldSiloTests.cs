using System.Net;
using System.Net.Http.Headers;
using KeysCluster.Api;
using KeysCluster.Grains.Tests.Authentication;
using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Hosting;
using KeysCluster.Validation;
using KeysCluster.VerificationCounts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Tests.VerificationCounts;

/// <summary>During an upgrade, silos of the previous build do not know the grain.</summary>
public sealed class OldSiloTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_counts_are_unavailable_until_a_silo_has_the_build(bool isInterfaceKnown)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(CallProxy.Create<IGrainFactory>((_, _) => isInterfaceKnown
            ? CallProxy.Create<IVerificationCountGrain>((_, _) => throw new TypeLoadException())
            : throw new ArgumentException("Could not find an implementation for interface")));
        builder.Services.AddSingleton<IVirtualKeyValidator>(_ => throw new NotSupportedException());
        builder.Services.AddSingleton<IProjectAuthenticator>(
            new TestProjectAuthenticator(AuthenticationTestHost.ApiKey));
        builder.Configuration["Keys:AdminKey"] = AuthenticationTestHost.AdminKey;
        builder.AddDrain(TimeSpan.Zero);
        builder.AddKeysApi();
        await using var app = builder.Build();
        app.MapKeysApi();
        await app.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        http.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Bearer", AuthenticationTestHost.ApiKey.Reveal());

        using var response = await http.GetAsync(
            new Uri("/api/gateway/v1/virtual-keys/verifications", UriKind.Relative));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
    }
}
