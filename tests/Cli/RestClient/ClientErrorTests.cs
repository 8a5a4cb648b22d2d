using System.Net;
using KeysCluster.Cli.Tests.Services;
using Microsoft.Extensions.DependencyInjection;

namespace KeysCluster.Cli.Tests.RestClient;

[Collection(CliService.CollectionName)]
public sealed class ClientErrorTests(CliService service)
{
    [Fact]
    public async Task A_refused_request_has_its_status_code_and_request_id()
    {
        var project = await service.CreateProjectAsync();
        using var client = service.CreateClient(project.ApiKey);

        var exception = await Assert.ThrowsAsync<KeysApiException>(
            () => client.VirtualKeys.GetAsync("vk_01M8J3E5JZY5MVJ6FE1J607SW1"));

        Assert.Equal(HttpStatusCode.NotFound, exception.StatusCode);
        Assert.Equal("virtual_key_not_found", exception.ErrorCode);
        Assert.NotEmpty(exception.Message);
        Assert.NotNull(exception.RequestId);
    }

    [Fact]
    public async Task A_missing_permission_is_named()
    {
        var project = await service.CreateProjectAsync();
        using var owner = service.CreateClient(project.ApiKey);
        var gateway = await owner.ApiKeys.CreateAsync(
            project.Project.Id,
            new CreateApiKey { Name = "gateway", Permissions = [ApiKeyPermissions.VerifyVirtualKeys] });
        using var client = service.CreateClient(gateway.Secret);

        var exception = await Assert.ThrowsAsync<KeysApiException>(() => client.VirtualKeys.RevokeAsync("vk_1"));

        Assert.Equal(["virtualKeys:delete"], exception.MissingPermissions);
    }

    [Fact]
    public async Task An_answer_of_another_server_is_an_error_with_its_status()
    {
        using var stub = new StubService(new() { ["/api/whoami"] = "<html>" });
        using var client = service.CreateClient("sk-lw-a", stub.Address);

        var unreadable = await Assert.ThrowsAsync<KeysApiException>(() => client.GetCallerAsync());
        var missing = await Assert.ThrowsAsync<KeysApiException>(() => client.Webhooks.ListAsync());

        Assert.Equal(HttpStatusCode.OK, unreadable.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Contains("404", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_id_calls_no_other_endpoint()
    {
        using var client = service.CreateClient(service.AdminKey);

        await Assert.ThrowsAsync<ArgumentException>(() => client.Projects.GetAsync(""));
        await Assert.ThrowsAsync<ArgumentException>(() => client.VirtualKeys.RevokeAsync(" "));
        var exception = await Assert.ThrowsAsync<KeysApiException>(() => client.Projects.GetAsync("../whoami"));
        Assert.Equal(HttpStatusCode.NotFound, exception.StatusCode);
    }

    [Theory]
    [InlineData("http://192.0.2.1", false, false)]
    [InlineData("http://192.0.2.1", true, true)]
    [InlineData("https://192.0.2.1", false, true)]
    [InlineData("http://localhost:1", false, true)]
    [InlineData("ftp://localhost", true, false)]
    public void A_key_is_sent_over_plain_HTTP_to_this_machine_only(string address, bool isAllowed, bool isAccepted)
    {
        var options = new KeysClientOptions
        {
            BaseAddress = new Uri(address),
            ApiKey = "sk-lw-a",
            AllowPlaintext = isAllowed,
        };
        var services = new ServiceCollection();
        services.AddKeysClient(configured =>
            (configured.BaseAddress, configured.ApiKey, configured.AllowPlaintext) =
            (options.BaseAddress, options.ApiKey, options.AllowPlaintext));
        using var provider = services.BuildServiceProvider();

        if (isAccepted)
        {
            using var client = KeysClient.Create(options);
            Assert.NotNull(provider.GetRequiredService<KeysClient>());
            return;
        }

        Assert.Throws<InvalidOperationException>(() => KeysClient.Create(options));
        Assert.Throws<InvalidOperationException>(provider.GetRequiredService<KeysClient>);
    }

    [Fact]
    public async Task The_text_of_a_result_hides_its_secret()
    {
        using var admin = service.CreateClient(service.AdminKey);
        var project = await admin.Projects.CreateAsync("a project");
        using var client = service.CreateClient(project.ApiKey);
        var key = await client.VirtualKeys.CreateAsync(new CreateVirtualKey { Name = "a" });
        var apiKey = await client.ApiKeys.CreateAsync(
            project.Project.Id, new CreateApiKey { Name = "a", Permissions = ["events:view"] });
        var webhook = await client.Webhooks.CreateAsync(new CreateWebhook { Url = "http://127.0.0.1:1/" });
        var verify = new VerifySecret { Secret = key.Secret };

        foreach (var (value, secret) in (ReadOnlySpan<(object, string)>)
        [
            (project, project.ApiKey), (key, key.Secret), (apiKey, apiKey.Secret), (webhook, webhook.Secret),
            (verify, key.Secret),
        ])
        {
            Assert.DoesNotContain(secret[20..], value.ToString(), StringComparison.Ordinal);
        }
    }
}
