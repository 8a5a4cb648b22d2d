using KeysCluster.Contract.Tests.Errors;
using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.Idempotency;

/// <summary>The guarantees of every operation that accepts an Idempotency-Key.</summary>
public abstract class IdempotencyTests(TestService service)
{
    private static string NewKey => Guid.NewGuid().ToString();

    public static TheoryData<string> Operations() => IdempotentCall.Operations();

    private static IEnumerable<string> InvalidKeys =>
    [
        "", new string('k', 15), new string('k', 256),
        .. new[] { "ключ", "é", "a\tb", "a\u0001b", "a\u007fb" }.Select(text => text.PadRight(20, 'k')),
    ];

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task A_repeated_request_replays_the_first_response_and_changes_nothing(string operation)
    {
        using var call = await IdempotentCall.PrepareAsync(service, operation);
        var key = NewKey;
        var before = await call.CountChangesAsync();
        var first = await call.SendAsync(key);
        ReplayAssert.IsNotReplay(first);
        var state = await call.GetStateAsync();

        foreach (var body in new[] { call.Body, call.EquivalentBody, call.Body })
            ReplayAssert.IsReplay(first, await call.SendAsync(key, body));

        Assert.Equal(state, await call.GetStateAsync());
        Assert.Equal(before + 1, await call.CountChangesAsync());
        await call.AssertSecretIsValidAsync(call.GetSecret(first));
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task A_different_request_with_the_same_key_is_409_and_changes_nothing(string operation)
    {
        using var call = await IdempotentCall.PrepareAsync(service, operation);
        var key = NewKey;
        var first = await call.SendAsync(key);
        var state = await call.GetStateAsync();

        var conflict = await call.SendAsync(key, call.DifferentBody);

        ErrorAssert.IsError(conflict, 409, "idempotency_conflict", naming: "Idempotency-Key");
        Assert.DoesNotContain(ReplayAssert.ReplayedHeader, conflict.Headers.Keys);
        Assert.Equal(state, await call.GetStateAsync());
        ReplayAssert.IsReplay(first, await call.SendAsync(key));
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Ten_concurrent_requests_with_one_key_make_one_change_and_return_one_secret(string operation)
    {
        using var call = await IdempotentCall.PrepareAsync(service, operation);
        var key = NewKey;
        var before = await call.CountChangesAsync();

        var responses = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => call.SendAsync(key)));

        Assert.Single(responses.Select(response => (response.Status, response.Body)).Distinct());
        Assert.Equal(call.GetSecret(responses[0]), call.GetSecret(await call.SendAsync(key)));
        Assert.Single(responses, response => !response.Headers.ContainsKey(ReplayAssert.ReplayedHeader));
        Assert.Equal(before + 1, await call.CountChangesAsync());
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task A_different_key_makes_another_change(string operation)
    {
        using var call = await IdempotentCall.PrepareAsync(service, operation);
        var before = await call.CountChangesAsync();
        var key = NewKey;

        var secrets = new HashSet<string>();
        foreach (var differentKey in new[] { key, NewKey, key.ToUpperInvariant() + "x" })
            secrets.Add(call.GetSecret(await call.SendAsync(differentKey)));

        Assert.Equal(3, secrets.Count);
        Assert.Equal(before + 3, await call.CountChangesAsync());
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task An_invalid_Idempotency_Key_header_is_422_and_changes_nothing(string operation)
    {
        using var call = await IdempotentCall.PrepareAsync(service, operation);
        var before = await call.GetStateAsync();
        foreach (var key in InvalidKeys)
        {
            var response = await call.SendAsync(key);
            ErrorAssert.IsError(response, 422, "validation_failed", naming: "Idempotency-Key");
        }

        Assert.Equal(before, await call.GetStateAsync());
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task An_idempotency_key_has_16_to_255_printable_ASCII_characters(string operation)
    {
        using var call = await IdempotentCall.PrepareAsync(service, operation);
        var printable = string.Concat(Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code));
        var longest = NewKey.PadRight(254, 'k');
        string[] keys = [NewKey[..16], $"{printable} {NewKey}", longest + "1", longest + "2"];
        var secrets = new HashSet<string>();
        foreach (var key in keys)
        {
            var first = await call.SendAsync(key);
            secrets.Add(call.GetSecret(first));
            ReplayAssert.IsReplay(first, await call.SendAsync(key));
        }

        Assert.Equal(keys.Length, secrets.Count);
    }
}
