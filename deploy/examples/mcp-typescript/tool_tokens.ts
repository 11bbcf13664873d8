// The tool's side of behalf: a handle in, a token out.
import { randomUUID } from 'node:crypto';
import * as grpc from '@grpc/grpc-js';
import * as loader from '@grpc/proto-loader';

export interface Token {
  access_token: string;
  scopes: string[];
  subject_ref: string; // the same for the same user: partition caches by it
}

interface ErrorInfo {
  reason: string;
  domain: string;
  metadata: Record<string, string>;
}

// behalf said no: docs/errors.md has every reason, and whose move it is.
export class Refusal extends Error {
  info: ErrorInfo;
  constructor(info: ErrorInfo, message: string) {
    super(`${info.reason}: ${message}`);
    this.info = info;
  }
}

export class ToolTokens {
  private client;
  private types;

  constructor(socket: string, protos: string) {
    const files = ['behalf/v1/tool_tokens.proto', 'google/rpc/status.proto', 'google/rpc/error_details.proto'];
    this.types = loader.loadSync(files, { keepCase: true, includeDirs: [protos] });
    const { behalf } = grpc.loadPackageDefinition(this.types) as any;
    this.client = new behalf.v1.ToolTokens('unix:' + socket, grpc.credentials.createInsecure());
  }

  redeem(handle: unknown): Promise<Token> {
    if (typeof handle !== 'string') {
      const info = { reason: 'HANDLE_MISSING', domain: 'mail-search', metadata: { move: 'caller' } };
      throw new Refusal(info, 'the call brings no handle in _meta["behalf/handle"]');
    }
    // The name of this redemption: the library may repeat it, and gets the same answer.
    const request = { handle, request_id: randomUUID() };
    return new Promise((resolve, reject) =>
      this.client.RedeemHandle(request, { deadline: Date.now() + 10_000 }, (error: any, token: Token) =>
        error ? reject(this.refusalOf(error)) : resolve(token)));
  }

  // The ErrorInfo in grpc-status-details-bin; without one behalf was not reached.
  private refusalOf(error: grpc.ServiceError): Error {
    for (const bytes of error.metadata.get('grpc-status-details-bin')) {
      const { details } = this.decode('google.rpc.Status', bytes as Buffer);
      const info = details.find((detail: any) => detail.type_url.endsWith('/google.rpc.ErrorInfo'));
      if (info) return new Refusal(this.decode('google.rpc.ErrorInfo', info.value), error.details);
    }
    return error;
  }

  private decode(type: string, bytes: Buffer): any {
    return (this.types[type] as any).deserialize(bytes);
  }
}
