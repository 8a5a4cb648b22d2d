using System.Net;
using System.Text.Json;
using KeysCluster.TestKit;

namespace KeysCluster.Deployment.Tests;

/// <summary>The signatures of webhooks, as the library of Standard Webhooks for Node.js sees them.</summary>
public sealed class WebhookSignatureTests
{
    private const string Script = """
        const { Webhook } = require(process.argv[1]);
        const [body, headers, secret] = process.argv.slice(2);
        new Webhook(secret).verify(body, JSON.parse(headers));
        """;

    [Fact]
    public async Task During_a_grace_period_a_message_is_valid_with_each_secret_and_with_no_other()
    {
        await using var embedded = new EmbeddedService();
        await using var service = await embedded.StartAsync();
        using var client = service.CreateClient(embedded.ApiKey);
        using var receiver = new WebhookReceiver();
        var created = await client.SendAsync(HttpMethod.Post, Routes.Webhooks, new { url = receiver.Url });
        created.EnsureStatus(HttpStatusCode.Created);
        var id = created.Json.GetProperty("webhook").GetProperty("id").GetString();
        var rotated = await client.SendAsync(HttpMethod.Post, $"{Routes.Webhooks}/{id}/rotate-secret");
        rotated.EnsureStatus(HttpStatusCode.OK);
        var (key, _) = await client.CreateAsync("ein Schlüssel 🔑");
        var message = Assert.Single(await receiver.WaitForAsync(key, "virtual_key.created"));

        Assert.Equal(0, await VerifyAsync(message, created.Secret));
        Assert.Equal(0, await VerifyAsync(message, rotated.Secret));
        Assert.NotEqual(0, await VerifyAsync(message, $"whsec_{Convert.ToBase64String(new byte[32])}"));
        Assert.NotEqual(0, await VerifyAsync(message with { Body = message.Body + " " }, created.Secret));
    }

    private static async Task<int> VerifyAsync(ReceivedMessage message, string secret)
    {
        var library = Path.Combine(
            Repository.Root, "tests", "Deployment", "linters", "node_modules", "standardwebhooks");
        var headers = JsonSerializer.Serialize(message.Headers);
        string[] arguments = ["-e", Script, library, message.Body, headers, secret];
        var (exitCode, _) = await ProgramRunner.RunAsync("node", arguments);
        return exitCode;
    }
}
