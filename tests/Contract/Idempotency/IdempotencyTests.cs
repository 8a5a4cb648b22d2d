using KeysCluster.Contract.Errors;
using KeysCluster.Contract.Services;
using KeysCluster.TestKit;

namespace KeysCluster.Contract.Idempotency;

/// <summary>What holds for every call that takes an Idempotency-Key.</summary>
public abstract class IdempotencyTests(TestService service)
{
    private const string ReplayedHeader = "Idempotent-Replayed";

    private static string NewKey => Guid.NewGuid().ToString();

    public static TheoryData<string> Operations() => IdempotentCall.All();

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task A_repeated_request_replays_the_first_response_and_changes_nothing(string name)
    {
        using var call = await IdempotentCall.PrepareAsync(service, name);
        var key = NewKey;
        var before = await call.CountChangesAsync();
        var first = await call.SendAsync(key);
        Assert.True(first.Status is HttpStatusCode.OK or HttpStatusCode.Created, first.Body);
        Assert.DoesNotContain(ReplayedHeader, first.Headers.Keys);
        var state = await call.GetStateAsync();

        foreach (var body in new[] { call.Body, call.EquivalentBody, call.Body })
        {
            var again = await call.SendAsync(key, body);
            Assert.Equal(first.Status, again.Status);
            Assert.Equal(first.Body, again.Body);
            Assert.Equal("true", again.Headers[ReplayedHeader]);
            Assert.Equal("no-store", again.Headers["Cache-Control"]);
            Assert.Equal(first.Headers.GetValueOrDefault("Location"), again.Headers.GetValueOrDefault("Location"));
        }

        Assert.Equal(state, await call.GetStateAsync());
        Assert.Equal(before + 1, await call.CountChangesAsync());
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task A_different_request_with_the_same_key_is_409_and_changes_nothing(string name)
    {
        using var call = await IdempotentCall.PrepareAsync(service, name);
        var key = NewKey;
        var first = await call.SendAsync(key);
        var state = await call.GetStateAsync();

        var other = await call.SendAsync(key, call.DifferentBody);

        ErrorAssert.IsError(other, 409, "idempotency_conflict", naming: "Idempotency-Key");
        Assert.DoesNotContain(ReplayedHeader, other.Headers.Keys);
        Assert.Equal(state, await call.GetStateAsync());
        Assert.Equal(first.Body, (await call.SendAsync(key)).Body);
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Ten_concurrent_requests_with_one_key_make_one_change_and_return_one_secret(string name)
    {
        using var call = await IdempotentCall.PrepareAsync(service, name);
        var key = NewKey;
        var before = await call.CountChangesAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => call.SendAsync(key)));

        Assert.Single(answers.Select(answer => (answer.Status, answer.Body)).Distinct());
        Assert.Equal(call.GetSecret(answers[0]), call.GetSecret(await call.SendAsync(key)));
        Assert.Single(answers, answer => !answer.Headers.ContainsKey(ReplayedHeader));
        Assert.Equal(before + 1, await call.CountChangesAsync());
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task A_different_key_makes_another_change(string name)
    {
        using var call = await IdempotentCall.PrepareAsync(service, name);
        var before = await call.CountChangesAsync();
        var (key, otherKey) = (NewKey, NewKey);

        ApiResponse[] answers = [await call.SendAsync(key), await call.SendAsync(otherKey), await call.SendAsync(key.ToUpperInvariant() + "x")];

        Assert.Equal(3, answers.Select(call.GetSecret).Distinct().Count());
        Assert.Equal(before + 3, await call.CountChangesAsync());
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task An_invalid_Idempotency_Key_header_is_422_and_changes_nothing(string name)
    {
        using var call = await IdempotentCall.PrepareAsync(service, name);
        var before = await call.GetStateAsync();
        foreach (var key in new[] { "", new string('k', 256), "ключ", "é", "a\tb", "a\u0001b", "a\u007fb" })
        {
            var answer = await call.SendAsync(key);
            ErrorAssert.IsError(answer, 422, "validation_failed", naming: "Idempotency-Key");
        }

        Assert.Equal(before, await call.GetStateAsync());
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task An_idempotency_key_may_be_up_to_255_printable_ASCII_characters(string name)
    {
        using var call = await IdempotentCall.PrepareAsync(service, name);
        var printable = string.Concat(Enumerable.Range('!', '~' - '!' + 1).Select(c => (char)c));
        string[] keys = ["k" + NewKey[..8], $"{printable} {NewKey}", NewKey.PadRight(254, 'k') + "1", NewKey.PadRight(254, 'k') + "2"];
        var secrets = new List<string>();
        foreach (var key in keys)
        {
            var first = await call.SendAsync(key);
            secrets.Add(call.GetSecret(first));
            Assert.Equal(first.Body, (await call.SendAsync(key)).Body);
        }

        Assert.Equal(keys.Length, secrets.Distinct().Count());
    }
}

[Collection(SqliteService.CollectionName)]
public sealed class IdempotencyOnSqliteTests(SqliteService service) : IdempotencyTests(service);

[Collection(PostgresService.CollectionName)]
public sealed class IdempotencyOnPostgresTests(PostgresService service) : IdempotencyTests(service);
