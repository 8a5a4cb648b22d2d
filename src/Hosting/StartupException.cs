namespace KeysCluster.Hosting;

/// <summary>
/// A host cannot start for a reason that an operator can correct, such as an invalid setting. The message names the
/// setting and is printed without a stack trace; it must not contain secrets.
/// </summary>
public sealed class StartupException(string message, Exception? innerException = null)
    : Exception(message, innerException);
