using KeysCluster.Contract.Tests.Errors;
using KeysCluster.Contract.Tests.Services;
using Microsoft.AspNetCore.Http;
using StandardWebhooks;
using StandardWebhooks.Diagnostics;

namespace KeysCluster.Contract.Tests.Webhooks;

/// <summary>Webhooks as a customer configures and receives them.</summary>
public abstract class WebhookTests(TestService service)
{
    [Fact]
    public async Task Changes_of_a_key_are_delivered_in_order_and_signed()
    {
        using var project = await service.CreateProjectAsync();
        using var receiver = new WebhookReceiver();
        var (_, secret) = await CreateAsync(project, receiver.Url);
        var (id, _) = await project.Client.CreateAsync();
        (await project.Client.RotateAsync(id)).EnsureStatus(HttpStatusCode.OK);
        (await project.Client.SendAsync(HttpMethod.Patch, Routes.VirtualKey(id), new { name = "renamed" }))
            .EnsureStatus(HttpStatusCode.OK);
        (await project.Client.DisableAsync(id)).EnsureStatus(HttpStatusCode.OK);
        (await project.Client.EnableAsync(id)).EnsureStatus(HttpStatusCode.OK);
        (await project.Client.SendAsync(HttpMethod.Delete, Routes.RetiringSecrets(id)))
            .EnsureStatus(HttpStatusCode.OK);
        (await project.Client.RevokeAsync(id)).EnsureStatus(HttpStatusCode.OK);

        var messages = await receiver.WaitForAsync(
            id, "virtual_key.created", "virtual_key.rotated", "virtual_key.updated", "virtual_key.disabled",
            "virtual_key.enabled", "virtual_key.secret_expired", "virtual_key.revoked");
        Assert.Equal(messages.Count, messages.Select(message => message.Id).Distinct().Count());
        foreach (var message in messages)
        {
            AssertSigned(message, secret);
            Assert.Equal(project.Id, message.Data.GetProperty("project_id").GetString());
        }

        var other = (await CreateAsync(project, receiver.Url)).Secret;
        Assert.Throws<WebhookVerificationException>(() => AssertSigned(messages[0], other));
    }

    [Fact]
    public async Task A_message_that_was_not_accepted_is_sent_again_before_the_next_one_of_its_key()
    {
        using var project = await service.CreateProjectAsync();
        using var receiver = new WebhookReceiver();
        var refused = 0;
        receiver.RespondWith(message => message.Type == "virtual_key.rotated" && Interlocked.Increment(ref refused) == 1
            ? HttpStatusCode.InternalServerError
            : HttpStatusCode.OK);
        var (webhook, _) = await CreateAsync(project, receiver.Url);
        var (id, _) = await project.Client.CreateAsync();
        (await project.Client.RotateAsync(id)).EnsureStatus(HttpStatusCode.OK);
        (await project.Client.RevokeAsync(id)).EnsureStatus(HttpStatusCode.OK);

        await receiver.WaitForAsync(id, "virtual_key.created", "virtual_key.rotated", "virtual_key.revoked");
        var rotations = receiver.Messages.Where(message => message.Type == "virtual_key.rotated").ToList();
        Assert.Equal(2, rotations.Count);
        Assert.Equal(rotations[0].Id, rotations[1].Id);

        JsonElement delivery = default;
        await Wait.UntilAsync(async () =>
        {
            delivery = (await GetAsync(project, $"{webhook}/deliveries/{rotations[0].Id}")).GetProperty("delivery");
            return delivery.GetProperty("status").GetString() == "delivered";
        });
        Assert.Equal(2, delivery.GetProperty("attempt_count").GetInt32());
        var attempts = delivery.GetProperty("attempts").EnumerateArray().ToList();
        Assert.Equal(500, attempts[0].GetProperty("status_code").GetInt32());
        Assert.Equal("status", attempts[0].GetProperty("error").GetString());
        Assert.Equal(JsonValueKind.Null, attempts[1].GetProperty("error").ValueKind);
    }

    [Fact]
    public async Task A_dead_endpoint_delays_no_other()
    {
        using var project = await service.CreateProjectAsync();
        using var receiver = new WebhookReceiver();
        var (dead, _) = await CreateAsync(project, $"http://127.0.0.1:{FreePort.NextAsText()}/");
        await CreateAsync(project, receiver.Url);
        var (id, _) = await project.Client.CreateAsync();
        await receiver.WaitForAsync(id, "virtual_key.created");

        await Wait.UntilAsync(async () =>
        {
            var pending = (await GetAsync(project, $"{dead}/deliveries?status=pending")).GetProperty("data");
            return pending.EnumerateArray().Any(delivery =>
                delivery.GetProperty("attempts").EnumerateArray().Any(attempt =>
                    attempt.GetProperty("error").GetString() == "connection_failed"));
        });
    }

    [Fact]
    public async Task Only_the_selected_types_are_delivered()
    {
        using var project = await service.CreateProjectAsync();
        using var receiver = new WebhookReceiver();
        await CreateAsync(project, receiver.Url, ["virtual_key.revoked"]);
        var (id, _) = await project.Client.CreateAsync();
        (await project.Client.RevokeAsync(id)).EnsureStatus(HttpStatusCode.OK);
        await receiver.WaitForAsync(id, "virtual_key.revoked");
        Assert.Single(receiver.Messages);
    }

    [Fact]
    public async Task During_the_grace_period_both_secrets_sign()
    {
        using var project = await service.CreateProjectAsync();
        using var receiver = new WebhookReceiver();
        var (webhook, first) = await CreateAsync(project, receiver.Url, ["virtual_key.created"]);
        var rotated = await SendAsync(project, HttpMethod.Post, $"{webhook}/rotate-secret");
        var second = rotated.GetProperty("secret").GetString()!;
        Assert.NotEqual(JsonValueKind.Null, rotated.GetProperty("webhook").GetProperty("retiring_until").ValueKind);
        var (id, _) = await project.Client.CreateAsync();
        var message = Assert.Single(await receiver.WaitForAsync(id, "virtual_key.created"));
        AssertSigned(message, first);
        AssertSigned(message, second);

        // Without a grace period, the one before it signs no longer, and that one until its own deadline.
        var third = (await SendAsync(
            project, HttpMethod.Post, $"{webhook}/rotate-secret", new { grace_period_seconds = 0 }))
            .GetProperty("secret").GetString()!;
        var (other, _) = await project.Client.CreateAsync();
        message = Assert.Single(await receiver.WaitForAsync(other, "virtual_key.created"));
        AssertSigned(message, first);
        AssertSigned(message, third);
        Assert.Throws<WebhookVerificationException>(() => AssertSigned(message, second));
    }

    [Fact]
    public async Task A_disabled_webhook_sends_nothing_and_a_redelivery_what_it_missed()
    {
        using var project = await service.CreateProjectAsync();
        using var receiver = new WebhookReceiver();
        var (webhook, _) = await CreateAsync(project, receiver.Url, ["virtual_key.created", "virtual_key.revoked"]);
        using var observer = new WebhookReceiver();
        await CreateAsync(project, observer.Url, ["virtual_key.revoked"]);
        var disabled = await SendAsync(project, HttpMethod.Patch, webhook, new { status = "disabled" });
        Assert.Equal("requested", disabled.GetProperty("webhook").GetProperty("disabled_reason").GetString());
        var since = TimeProvider.System.GetUtcNow().AddMinutes(-1);
        var (id, _) = await project.Client.CreateAsync();
        (await project.Client.RevokeAsync(id)).EnsureStatus(HttpStatusCode.OK);
        await observer.WaitForAsync(id, "virtual_key.revoked");
        await SendAsync(project, HttpMethod.Patch, webhook, new { status = "enabled" });
        var (later, _) = await project.Client.CreateAsync();
        await receiver.WaitForAsync(later, "virtual_key.created");
        Assert.DoesNotContain(receiver.Messages, message => message.VirtualKeyId == id);

        await RedeliverAsync(project, webhook, since);
        await receiver.WaitForAsync(id, "virtual_key.created", "virtual_key.revoked");
        await Wait.UntilAsync(() => receiver.Messages.Count == 4);
        Assert.Equal(3, receiver.Accepted.Count);
    }

    [Fact]
    public async Task A_redelivery_sends_more_events_than_a_page_has_also_from_before_the_webhook()
    {
        const int keyCount = 210;
        using var project = await service.CreateProjectAsync();
        var since = TimeProvider.System.GetUtcNow().AddMinutes(-1);
        var keys = await project.Client.CreateManyAsync(keyCount);
        using var receiver = new WebhookReceiver();
        var (webhook, _) = await CreateAsync(project, receiver.Url, ["virtual_key.created"]);

        await RedeliverAsync(project, webhook, since);

        await Wait.UntilAsync(() => receiver.Accepted.Count >= keyCount, TimeSpan.FromMinutes(1));
        Assert.Equal(
            keys.Select(key => key.Id).Order(), receiver.Accepted.Select(message => message.VirtualKeyId!).Order());
    }

    [Fact]
    public async Task A_delivery_is_sent_again_with_the_same_id()
    {
        using var project = await service.CreateProjectAsync();
        using var receiver = new WebhookReceiver();
        var (webhook, _) = await CreateAsync(project, receiver.Url, ["virtual_key.created"]);
        var (id, _) = await project.Client.CreateAsync();
        var message = Assert.Single(await receiver.WaitForAsync(id, "virtual_key.created"));
        await SendAsync(project, HttpMethod.Post, $"{webhook}/deliveries/{message.Id}/redeliver");
        await Wait.UntilAsync(() => receiver.Messages.Count == 2);
        Assert.Equal(message.Id, receiver.Messages[1].Id);
    }

    [Fact]
    public async Task A_test_shows_how_it_went()
    {
        using var project = await service.CreateProjectAsync();
        using var receiver = new WebhookReceiver();
        var (webhook, secret) = await CreateAsync(project, receiver.Url, ["virtual_key.created"]);
        var accepted = (await SendAsync(project, HttpMethod.Post, $"{webhook}/test")).GetProperty("delivery");
        Assert.Equal("delivered", accepted.GetProperty("status").GetString());
        var message = Assert.Single(receiver.Messages);
        Assert.Equal("webhook.test", message.Type);
        AssertSigned(message, secret);

        receiver.RespondWith(_ => HttpStatusCode.Redirect);
        var refused = (await SendAsync(project, HttpMethod.Post, $"{webhook}/test")).GetProperty("delivery");
        Assert.Equal("failed", refused.GetProperty("status").GetString());
        Assert.Equal(
            "redirect", refused.GetProperty("attempts")[0].GetProperty("error").GetString());
    }

    [Fact]
    public async Task A_list_of_deliveries_has_pages_in_the_order_of_the_events_latest_first()
    {
        using var project = await service.CreateProjectAsync();
        using var receiver = new WebhookReceiver();
        var (webhook, _) = await CreateAsync(project, receiver.Url, ["virtual_key.created"]);

        // One after the other: of changes at the same time, the later one may be added first.
        for (var n = 0; n < 5; n++) await project.Client.CreateAsync();
        await Wait.UntilAsync(() => receiver.Accepted.Count == 5);

        List<JsonElement> listed = [];
        string? cursor = null;
        do
        {
            var page = await GetAsync(project, $"{webhook}/deliveries?limit=2&cursor={cursor}");
            listed.AddRange(page.GetProperty("data").EnumerateArray());
            cursor = page.GetProperty("next_cursor").GetString();
            Assert.Equal(cursor is not null, page.GetProperty("has_more").GetBoolean());
        }
        while (cursor is not null);
        Assert.Equal(
            receiver.Accepted.Select(message => message.Id).Order(),
            listed.Select(delivery => delivery.GetProperty("id").GetString()!).Order());
        var events = listed
            .Select(delivery => long.Parse(delivery.GetProperty("event_id").GetString()!, null))
            .ToList();
        Assert.Equal(events.OrderDescending(), events);
    }

    [Fact]
    public async Task A_repeated_create_returns_the_same_webhook_and_secret()
    {
        using var project = await service.CreateProjectAsync();
        const string body = """{"url":"http://127.0.0.1:1/"}""";
        var key = Guid.NewGuid().ToString();
        var first = await project.Client.PostIdempotentAsync(key, Routes.Webhooks, body);
        var second = await project.Client.PostIdempotentAsync(key, Routes.Webhooks, body);
        first.EnsureStatus(HttpStatusCode.Created);
        second.EnsureStatus(HttpStatusCode.Created);
        Assert.Equal("true", second.Headers["Idempotent-Replayed"]);
        Assert.Equal(first.Json.GetProperty("secret").GetString(), second.Json.GetProperty("secret").GetString());
        Assert.Equal(
            first.Json.GetProperty("webhook").GetProperty("id").GetString(),
            second.Json.GetProperty("webhook").GetProperty("id").GetString());
    }

    [Fact]
    public async Task Only_the_project_of_a_webhook_sees_it_and_a_deleted_one_is_gone()
    {
        using var project = await service.CreateProjectAsync();
        using var other = await service.CreateProjectAsync();
        using var receiver = new WebhookReceiver();
        var (webhook, _) = await CreateAsync(project, receiver.Url, ["virtual_key.created"]);
        var (id, _) = await project.Client.CreateAsync();
        var message = Assert.Single(await receiver.WaitForAsync(id, "virtual_key.created"));
        string[] paths = [webhook, $"{webhook}/deliveries", $"{webhook}/deliveries/{message.Id}"];
        foreach (var path in paths)
        {
            (await project.Client.SendAsync(HttpMethod.Get, path)).EnsureStatus(HttpStatusCode.OK);
            (await other.Client.SendAsync(HttpMethod.Get, path)).EnsureStatus(HttpStatusCode.NotFound);
        }

        (await other.Client.SendAsync(HttpMethod.Delete, webhook)).EnsureStatus(HttpStatusCode.NotFound);
        (await project.Client.SendAsync(HttpMethod.Delete, webhook)).EnsureStatus(HttpStatusCode.NoContent);
        (await project.Client.SendAsync(HttpMethod.Get, webhook)).EnsureStatus(HttpStatusCode.NotFound);
        await Wait.UntilAsync(async () =>
            (await project.Client.SendAsync(HttpMethod.Get, paths[2])).Status == HttpStatusCode.NotFound);
        Assert.Equal(0, (await GetAsync(project, Routes.Webhooks)).GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task A_webhook_that_failed_for_three_days_is_disabled_and_sends_the_rest_when_it_is_enabled()
    {
        using var project = await service.CreateProjectAsync();
        using var receiver = new WebhookReceiver();
        receiver.RespondWith(_ => HttpStatusCode.ServiceUnavailable);
        var (failing, _) = await CreateAsync(project, receiver.Url, ["virtual_key.created"]);
        using var observer = new WebhookReceiver();
        await CreateAsync(project, observer.Url, ["webhook.disabled"]);
        var (id, _) = await project.Client.CreateAsync();
        await Wait.UntilAsync(() => receiver.Messages.Count > 0);

        // As if the first attempt had been three days ago.
        await service.ExecuteAsync(
            """
            UPDATE KeysWebhookDelivery SET FailingSince = @Since
            WHERE ProjectId = @Project AND FailingSince IS NOT NULL
            """,
            ("@Since", TimeProvider.System.GetUtcNow().AddDays(-3).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", null)),
            ("@Project", project.Id));
        await Wait.UntilAsync(() => observer.Messages.Count == 1, TimeSpan.FromMinutes(1));
        Assert.Equal("webhook.disabled", observer.Messages[0].Type);
        var webhook = (await GetAsync(project, failing)).GetProperty("webhook");
        Assert.Equal("disabled", webhook.GetProperty("status").GetString());
        Assert.Equal("failing", webhook.GetProperty("disabled_reason").GetString());

        receiver.RespondWith(_ => HttpStatusCode.OK);
        await SendAsync(project, HttpMethod.Patch, failing, new { status = "enabled" });
        Assert.Single(await receiver.WaitForAsync(id, "virtual_key.created"));
    }

    [Fact]
    public async Task An_expiry_and_a_retiring_secret_in_use_are_announced()
    {
        using var project = await service.CreateProjectAsync();
        using var receiver = new WebhookReceiver();
        await CreateAsync(project, receiver.Url, ["virtual_key.expired", "virtual_key.secret_expiring_in_use"]);
        var (expiring, _, _) = await project.CreateAsync(
            $"\"expires_at\":\"{TimeProvider.System.GetUtcNow().AddSeconds(3):O}\"");
        var (rotated, secret) = await project.Client.CreateAsync();
        (await project.Client.SendAsync(
            HttpMethod.Post, Routes.Rotate(rotated), new { grace_period_seconds = 1800 }))
            .EnsureStatus(HttpStatusCode.OK);
        var verified = await project.Client.SendAsync(
            HttpMethod.Post, Routes.Verify, new { secret, ip_address = "203.0.113.7" });
        Assert.Equal("retiring", verified.Json.GetProperty("code").GetString());

        await receiver.WaitForAsync(expiring, "virtual_key.expired");
        var message = Assert.Single(await receiver.WaitForAsync(rotated, "virtual_key.secret_expiring_in_use"));
        var id = message.Data.GetProperty("secret_id").GetString();
        var warning = message.Data.GetProperty("changes").GetProperty($"secrets.{id}").GetProperty("new")
            .GetProperty("expiry_warning");
        Assert.Equal("203.0.113.7", warning.GetProperty("last_used_from").GetString());
    }

    [Fact]
    public async Task A_project_has_at_most_20_webhooks()
    {
        using var project = await service.CreateProjectAsync();
        for (var i = 0; i < 20; i++) await CreateAsync(project, "http://127.0.0.1:1/");
        var refused = await project.Client.SendAsync(
            HttpMethod.Post, Routes.Webhooks, new { url = "http://127.0.0.1:1/" });
        ErrorAssert.IsError(refused, 422, "too_many_webhooks");
    }

    [Theory]
    [InlineData("", "validation_failed")]
    [InlineData("not a url", "webhook_url_not_allowed")]
    [InlineData("ftp://example.com/", "webhook_url_not_allowed")]
    [InlineData("https://user:password@example.com/", "webhook_url_not_allowed")]
    [InlineData("https://example.com/#fragment", "webhook_url_not_allowed")]
    public async Task Other_URLs_are_refused(string url, string error)
    {
        using var project = await service.CreateProjectAsync();
        var refused = await project.Client.SendAsync(HttpMethod.Post, Routes.Webhooks, new { url });
        ErrorAssert.IsError(refused, 422, error);
    }

    /// <summary>
    /// Verifies a message with the library of .NET, which reads only the first of several signatures in a header.
    /// </summary>
    private static void AssertSigned(ReceivedMessage message, string secret)
    {
        var signatures = message.Headers["webhook-signature"].Split(' ');
        for (var n = 0; n < signatures.Length; n++)
        {
            var headers = new HeaderDictionary();
            foreach (var (name, value) in message.Headers) headers[name] = value;
            headers["webhook-signature"] = signatures[n];
            try
            {
                new StandardWebhook(secret).Verify(message.Body, headers);
                return;
            }
            catch (WebhookVerificationException) when (n < signatures.Length - 1)
            {
                // Another one may be of this secret.
            }
        }
    }

    private static async Task<(string Path, string Secret)> CreateAsync(
        TestProject project, string url, string[]? eventTypes = null)
    {
        var created = await project.Client.SendAsync(
            HttpMethod.Post, Routes.Webhooks, new { url, event_types = eventTypes });
        created.EnsureStatus(HttpStatusCode.Created);
        var id = created.Json.GetProperty("webhook").GetProperty("id").GetString();
        return ($"{Routes.Webhooks}/{id}", created.Json.GetProperty("secret").GetString()!);
    }

    /// <summary>Has the events since a time sent again, and asserts that it is the time that is answered.</summary>
    private static async Task RedeliverAsync(TestProject project, string webhook, DateTimeOffset since)
    {
        var response = await project.Client.SendAsync(HttpMethod.Post, $"{webhook}/redeliver", new { since });
        response.EnsureStatus(HttpStatusCode.Accepted);
        Assert.Equal(
            since.ToUnixTimeMilliseconds(),
            response.Json.GetProperty("since").GetDateTimeOffset().ToUnixTimeMilliseconds());
    }

    private static Task<JsonElement> GetAsync(TestProject project, string path) =>
        SendAsync(project, HttpMethod.Get, path);

    private static async Task<JsonElement> SendAsync(
        TestProject project, HttpMethod method, string path, object? body = null)
    {
        var response = await project.Client.SendAsync(method, path, body);
        response.EnsureStatus(HttpStatusCode.OK);
        return response.Json;
    }
}
