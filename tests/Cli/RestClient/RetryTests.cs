using System.Net;
using System.Net.Sockets;
using KeysCluster.Cli.Tests.Services;
using Microsoft.Extensions.DependencyInjection;

namespace KeysCluster.Cli.Tests.RestClient;

/// <summary>A failure that may pass is retried, and a retry never creates a second secret.</summary>
[Collection(CliService.CollectionName)]
public sealed class RetryTests(CliService service)
{
    [Theory]
    [InlineData("create")]
    [InlineData("rotate")]
    [InlineData("project")]
    [InlineData("API key")]
    [InlineData("webhook")]
    public async Task A_repeated_request_has_the_same_idempotency_key_and_issues_one_secret(string kind)
    {
        using var proxy = new FaultyProxy(service.Address);
        var project = await service.CreateProjectAsync();
        using var client = service.CreateClient(
            kind == "project" ? service.AdminKey : project.ApiKey, proxy.Address);
        var key = kind == "rotate" ? await client.VirtualKeys.CreateAsync(new CreateVirtualKey { Name = "a" }) : null;
        var before = proxy.Requests.Count;
        proxy.Choose = number => (number - before) switch
        {
            0 => ProxyFault.Unavailable,
            1 => ProxyFault.CutResponse,
            _ => ProxyFault.None,
        };

        var isReplay = kind switch
        {
            "create" => (await client.VirtualKeys.CreateAsync(new CreateVirtualKey { Name = "b" })).IsReplay,
            "rotate" => (await client.VirtualKeys.RotateAsync(key!.VirtualKey.Id)).IsReplay,
            "project" => (await client.Projects.CreateAsync("b")).IsReplay,
            "API key" => (await client.ApiKeys.CreateAsync(
                project.Project.Id, new CreateApiKey { Name = "b", Permissions = ["events:view"] })).IsReplay,
            _ => (await client.Webhooks.CreateAsync(new CreateWebhook { Url = "http://127.0.0.1:1/" })).IsReplay,
        };

        Assert.True(isReplay);
        var requests = proxy.Requests.Skip(before).ToList();
        Assert.Equal(3, requests.Count);
        Assert.NotNull(Assert.Single(requests.Select(request => request.IdempotencyKey).Distinct()));
        if (key is not null)
        {
            proxy.Choose = _ => ProxyFault.None;
            Assert.Single((await client.VirtualKeys.GetAsync(key.VirtualKey.Id)).RetiringSecrets);
        }
    }

    [Fact]
    public async Task A_rotation_whose_response_is_lost_returns_the_same_secret()
    {
        var project = await service.CreateProjectAsync();
        using var direct = service.CreateClient(project.ApiKey);
        var key = await direct.VirtualKeys.CreateAsync(new CreateVirtualKey { Name = "a" });
        using var proxy = new CuttingProxy(service.Address);
        using var client = service.CreateClient(project.ApiKey, proxy.Address);

        var rotated = await client.VirtualKeys.RotateAsync(key.VirtualKey.Id);

        Assert.True(rotated.IsReplay);
        Assert.Equal(2, proxy.Connections);
        Assert.Single(rotated.VirtualKey.RetiringSecrets);
        var verdict = await direct.VirtualKeys.VerifyAsync(new VerifySecret { Secret = rotated.Secret });
        Assert.Equal(VerdictCode.Active, verdict.Code);
    }

    [Fact]
    public async Task An_idempotency_key_of_the_caller_returns_the_same_secret_in_another_process()
    {
        var project = await service.CreateProjectAsync();
        const string Key = "0123456789abcdef";
        using var first = service.CreateClient(project.ApiKey);
        using var second = service.CreateClient(project.ApiKey);

        var created = await first.VirtualKeys.CreateAsync(new CreateVirtualKey { Name = "a" }, Key);
        var repeated = await second.VirtualKeys.CreateAsync(new CreateVirtualKey { Name = "a" }, Key);

        Assert.Equal((created.Secret, false, true), (repeated.Secret, created.IsReplay, repeated.IsReplay));
    }

    [Fact]
    public async Task A_test_of_a_webhook_is_sent_once()
    {
        using var proxy = new FaultyProxy(service.Address) { Choose = _ => ProxyFault.Unavailable };
        using var client = service.CreateClient("sk-lw-a", proxy.Address);

        await Assert.ThrowsAsync<KeysApiException>(() => client.Webhooks.TestAsync("webhook_1"));
        await Assert.ThrowsAsync<KeysApiException>(() => client.Webhooks.RedeliverAsync("webhook_1", "msg_1"));
        await Assert.ThrowsAsync<KeysApiException>(
            () => client.Webhooks.RedeliverSinceAsync("webhook_1", DateTimeOffset.UnixEpoch));

        Assert.Equal(3, proxy.Requests.Count);
    }

    [Fact]
    public async Task A_service_that_asks_for_a_long_pause_is_not_waited_for()
    {
        using var proxy = new FaultyProxy(service.Address) { Choose = _ => ProxyFault.UnavailableForLong };
        using var client = service.CreateClient("sk-lw-a", proxy.Address);

        var exception = await Assert.ThrowsAsync<KeysApiException>(() => client.GetCallerAsync());

        Assert.Equal(HttpStatusCode.ServiceUnavailable, exception.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(30), exception.RetryAfter);
        Assert.Single(proxy.Requests);
    }

    [Fact]
    public async Task A_failure_that_does_not_pass_ends_the_retries()
    {
        using var proxy = new FaultyProxy(service.Address) { Choose = _ => ProxyFault.Unavailable };
        using var client = KeysClient.Create(
            new KeysClientOptions { BaseAddress = proxy.Address, ApiKey = "sk-lw-a", MaxRetries = 2 });

        await Assert.ThrowsAsync<KeysApiException>(() => client.GetCallerAsync());

        Assert.Equal(3, proxy.Requests.Count);
    }

    [Fact]
    public async Task A_service_that_does_not_respond_is_a_timeout()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var client = KeysClient.Create(new KeysClientOptions
        {
            BaseAddress = new Uri($"http://{silent.LocalEndpoint}"),
            ApiKey = "sk-lw-a",
            AttemptTimeout = TimeSpan.FromMilliseconds(100),
            MaxRetries = 1,
        });

        await Assert.ThrowsAsync<TimeoutException>(() => client.GetCallerAsync());
    }

    [Fact]
    public async Task A_client_of_dependency_injection_retries_too()
    {
        using var proxy = new FaultyProxy(service.Address)
        {
            Choose = number => number == 0 ? ProxyFault.Unavailable : ProxyFault.None,
        };
        var project = await service.CreateProjectAsync();
        var services = new ServiceCollection();
        services.AddKeysClient(options => (options.BaseAddress, options.ApiKey) = (proxy.Address, project.ApiKey));
        await using var provider = services.BuildServiceProvider();

        var caller = await provider.GetRequiredService<KeysClient>().GetCallerAsync();

        Assert.Equal(project.Project.Id, caller.ProjectId);
        Assert.Equal(2, proxy.Requests.Count);
    }
}
